import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0001_initial"),
        ("people", "0003_indexes"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("holder", models.CharField(blank=True, max_length=120)),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("moment", models.DateTimeField()),
                ("since", models.DateField()),
                ("daily", models.BooleanField()),
                ("gap", models.PositiveIntegerField(default=0)),
                ("read", models.JSONField(default=list)),
                ("students", models.JSONField(default=list)),
                ("places", models.JSONField(default=list)),
                ("current", models.BooleanField(null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("subjects", models.JSONField()),
                ("holder", models.CharField(blank=True, max_length=120)),
                ("until", models.DateTimeField(null=True)),
                ("done", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Stuck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("subject", models.PositiveBigIntegerField()),
                ("since", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("round_at", models.DateTimeField(null=True)),
                ("took", models.FloatField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name="turn",
            name="at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["state", "due"], name="duties_duty_due"),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["merge_key"], name="duties_duty_task"),
        ),
        migrations.AddField(
            model_name="share",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="duties.round"
            ),
        ),
        migrations.AddConstraint(
            model_name="stuck",
            constraint=models.UniqueConstraint(fields=("kind", "subject"), name="duties_stuck_once"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("round", "number"), name="duties_share_once"),
        ),
    ]
