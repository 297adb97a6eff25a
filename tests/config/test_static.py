import httpx
import pytest
from django.core.management import call_command

from config.static import StaticFiles


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


def client_of(files):
    return httpx.AsyncClient(transport=httpx.ASGITransport(files), base_url="http://club.test")


STYLE = "/static/admin/css/base.css"


async def test_development_serves_the_apps_files_as_they_are_now():
    async with client_of(StaticFiles(application)) as client:
        answer = await client.get(STYLE)
        head = await client.head(STYLE)

    assert answer.status_code == head.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "max-age=0, public"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers
    assert head.content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/static/nothing.css",
        "/static/",
        "/static/../config/settings.py",
        "/static/%2e%2e/config/settings.py",
        "/static/admin/css/%00.css",
        "/elsewhere",
        "/",
    ],
)
async def test_everything_else_is_the_applications(path):
    async with client_of(StaticFiles(application)) as client:
        assert (await client.get(path)).status_code == 204


async def test_files_are_only_read():
    async with client_of(StaticFiles(application)) as client:
        assert (await client.post(STYLE)).status_code == 204


@pytest.fixture
def production(settings, tmp_path):
    """A production installation with two ES modules collected."""
    source = tmp_path / "source" / "demo"
    source.mkdir(parents=True)
    (source / "main.js").write_text('import { one } from "./one.js";\nconsole.log(one);\n')
    (source / "one.js").write_text("export const one = 1;\n" * 50)
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.IS_DEVELOPMENT = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static.HashedStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path / "collected" / "demo"


async def test_production_serves_hashed_compressed_files_for_ever(production):
    [main] = production.glob("main.*.js")
    [one] = production.glob("one.*.js")

    async with client_of(StaticFiles(application)) as client:
        answer = await client.get(f"/static/demo/{main.name}")
        compressed = await client.get(
            f"/static/demo/{one.name}", headers={"Accept-Encoding": "gzip"}
        )

    assert "immutable" in answer.headers["cache-control"]
    assert f'from "./{one.name}"' in answer.text
    assert compressed.headers["content-encoding"] == "gzip"


async def test_production_without_collected_files_serves_none(settings, tmp_path):
    settings.IS_DEVELOPMENT = False
    settings.STATIC_ROOT = tmp_path / "missing"

    async with client_of(StaticFiles(application)) as client:
        assert (await client.get(STYLE)).status_code == 204
