
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0002_codes'),
        ('customers', '0003_merge_key'),
        ('inbox', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checks',
            fields=[
                ('version', models.IntegerField(primary_key=True, serialize=False)),
                ('steps', models.JSONField()),
                ('because', models.TextField()),
                ('actor', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'db_table': 'orders_checks',
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('external_id', models.TextField()),
                ('external_name', models.TextField()),
                ('source_version', models.TextField()),
                ('placed_at', models.DateTimeField()),
                ('captured_at', models.DateTimeField()),
                ('currency', models.TextField()),
                ('items_minor', models.BigIntegerField()),
                ('discount_minor', models.BigIntegerField()),
                ('shipping_minor', models.BigIntegerField()),
                ('tax_minor', models.BigIntegerField()),
                ('fees_minor', models.BigIntegerField()),
                ('tip_minor', models.BigIntegerField()),
                ('rounding_minor', models.BigIntegerField()),
                ('total_minor', models.BigIntegerField()),
                ('paid_minor', models.BigIntegerField()),
                ('refunded_minor', models.BigIntegerField()),
                ('is_tax_included', models.BooleanField()),
                ('payment_state', models.TextField()),
                ('presentment_currency', models.TextField()),
                ('presentment_total_minor', models.BigIntegerField(null=True)),
                ('buyer', models.JSONField()),
                ('ship_to', models.JSONField(null=True)),
                ('bill_to', models.JSONField(null=True)),
                ('shipping_method', models.TextField()),
                ('detail', models.JSONField()),
                ('is_test', models.BooleanField()),
                ('priority', models.SmallIntegerField(db_default=0)),
                ('ships_complete', models.BooleanField(db_default=False)),
                ('promise_days', models.SmallIntegerField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('cancelled_because', models.TextField(db_default='')),
                ('status', models.TextField(choices=[('on_hold', 'On Hold'), ('open', 'Open'), ('backordered', 'Backordered'), ('allocated', 'Allocated'), ('picking', 'Picking'), ('packed', 'Packed'), ('shipped', 'Shipped'), ('delivered', 'Delivered'), ('cancelled', 'Cancelled'), ('returned', 'Returned')])),
                ('version', models.IntegerField(db_default=1)),
                ('connection', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='inbox.connection')),
                ('customer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='customers.customer')),
            ],
            options={
                'db_table': 'orders_order',
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.SmallIntegerField()),
                ('external_id', models.TextField()),
                ('code', models.TextField()),
                ('alias', models.TextField(db_default='')),
                ('title', models.TextField()),
                ('unit_price_minor', models.BigIntegerField()),
                ('gross_minor', models.BigIntegerField()),
                ('discount_minor', models.BigIntegerField()),
                ('tax_minor', models.BigIntegerField()),
                ('is_shippable', models.BooleanField()),
                ('ordered', models.BigIntegerField()),
                ('open', models.BigIntegerField()),
                ('allocated', models.BigIntegerField(db_default=0)),
                ('picked', models.BigIntegerField(db_default=0)),
                ('shipped', models.BigIntegerField(db_default=0)),
                ('cancelled', models.BigIntegerField(db_default=0)),
                ('returned', models.BigIntegerField(db_default=0)),
                ('sold', models.BigIntegerField()),
                ('wanted', models.BigIntegerField()),
                ('fulfilled', models.BigIntegerField(db_default=0)),
                ('sent_back', models.BigIntegerField(db_default=0)),
                ('cancelled_here', models.BigIntegerField(db_default=0)),
                ('parked', models.TextField(db_default='')),
                ('sku', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalog.sku')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.order')),
            ],
            options={
                'db_table': 'orders_line',
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('because', models.TextField()),
                ('owner', models.TextField(db_default='')),
                ('placed_by', models.TextField()),
                ('since', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('released_by', models.TextField(db_default='')),
                ('released_because', models.TextField(db_default='')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='orders.order')),
            ],
            options={
                'db_table': 'orders_hold',
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('external_id', models.TextField()),
                ('at', models.DateTimeField()),
                ('amount_minor', models.BigIntegerField()),
                ('shipping_minor', models.BigIntegerField()),
                ('lines', models.JSONField()),
                ('because', models.TextField()),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.order')),
            ],
            options={
                'db_table': 'orders_refund',
            },
        ),
        migrations.CreateModel(
            name='Tender',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('external_id', models.TextField()),
                ('kind', models.TextField()),
                ('gateway', models.TextField()),
                ('amount_minor', models.BigIntegerField()),
                ('state', models.TextField()),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tenders', to='orders.order')),
            ],
            options={
                'db_table': 'orders_tender',
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['status', 'id'], name='order_by_status'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['customer', 'id'], name='order_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('connection', 'external_id'), name='order_captured_once'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['on_hold', 'open', 'backordered', 'allocated', 'picking', 'packed', 'shipped', 'delivered', 'cancelled', 'returned'])), name='order_status_known'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(condition=models.Q(('parked', ''), _negated=True), fields=['sku', 'id'], name='line_parked'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(condition=models.Q(('sku', None)), fields=['code'], name='line_unknown_sku'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='line_once_per_order'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('ordered', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('open'), '+', models.F('allocated')), '+', models.F('picked')), '+', models.F('shipped')), '+', models.F('cancelled')))), name='line_units_add_up'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('allocated__gte', 0), ('cancelled__gte', 0), ('open__gte', 0), ('picked__gte', 0), ('shipped__gte', 0), ('returned__gte', 0), ('returned__lte', models.F('shipped')), ('fulfilled__gte', 0), ('sent_back__gte', 0), ('wanted__gte', 0), ('wanted__lte', models.F('sold')), ('cancelled_here__gte', 0)), name='line_units_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('parked__in', ['', 'backorder', 'preorder', 'shortage', 'routing'])), name='line_parked_known'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['order'], name='hold_of_order'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['expires_at'], name='hold_expiring'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('order', 'kind'), name='one_active_hold_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('because', ''), _negated=True), name='hold_says_why'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('order', 'external_id'), name='refund_told_once'),
        ),
        migrations.AddConstraint(
            model_name='tender',
            constraint=models.UniqueConstraint(fields=('order', 'external_id'), name='tender_once_per_order'),
        ),
        migrations.AddConstraint(
            model_name='tender',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='tender_not_negative'),
        ),
    ]
