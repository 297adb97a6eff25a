# syntax=docker/dockerfile:1

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
WORKDIR /app
# The requirements change less often than the code, so they are a layer of their own.
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt
COPY . .
# Collecting files needs no secret and no database, but production's names: each with its hash.
RUN ENVIRONMENT=production /opt/venv/bin/python manage.py collectstatic --no-input \
    && /opt/venv/bin/python -m compileall -q .

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 ENVIRONMENT=production PORT=8000
RUN useradd --system --uid 10001 --no-create-home touchline
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER touchline
EXPOSE 8000
# Asked under a name that the settings allow; /health is not redirected to HTTPS.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "\
import os, urllib.request as web; \
name = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')[0]; \
headers = {'Host': name}; \
url = 'http://127.0.0.1:' + os.environ['PORT'] + '/health/ready'; \
web.urlopen(web.Request(url, headers=headers), timeout=4)"]
# Migrates first: safe with several containers at once, the first one migrates and the others wait.
CMD ["python", "manage.py", "serve", "--migrate", "--host", "0.0.0.0"]
