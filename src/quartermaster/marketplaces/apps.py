from django.apps import AppConfig


class MarketplacesConfig(AppConfig):
    name = "quartermaster.marketplaces"
    label = "marketplaces"
    default_auto_field = "django.db.models.BigAutoField"
