import django.db.models.deletion
from django.db import migrations, models

KEPT = """
insert into marketplaces_report (connection_id, what, reference, next_at, asked_at, answered_at, failures,
  because)
select connection_id, 'figures', reference, next_at, asked_at, answered_at, failures, because
from marketplaces_inquiry
"""


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0007_keys_end_by'),
        ('marketplaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.TextField()),
                ('reference', models.TextField(db_default='')),
                ('since_on', models.DateField(null=True)),
                ('next_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('note', models.TextField(db_default='')),
                ('failures', models.IntegerField(db_default=0)),
                ('because', models.TextField(db_default='')),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inbox.connection')),
            ],
            options={
                'db_table': 'marketplaces_report',
                'constraints': [models.UniqueConstraint(fields=('connection', 'what'), name='marketplaces_report_of_each'), models.CheckConstraint(condition=models.Q(('what__in', ['figures', 'feedback'])), name='marketplaces_report_known'), models.CheckConstraint(condition=models.Q(('failures', 0), models.Q(('because', ''), _negated=True), _connector='OR'), name='marketplaces_failed_report_says_why')],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.DeleteModel(
            name='Inquiry',
        ),
    ]
