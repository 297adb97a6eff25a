from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_identity"),
    ]

    operations = [
        migrations.AddField(
            model_name="emailtoken",
            name="replaced_email",
            field=models.EmailField(blank=True, max_length=254),
        ),
    ]
