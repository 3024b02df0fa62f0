from django.db import migrations

from consilium.site.audit import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(
            lambda _, editor: triggers.create(editor.connection),
            lambda _, editor: triggers.drop(editor.connection),
        ),
    ]
