from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "quartermaster.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The flow knows every stage and the core knows none: it is asked for by name.
        import_module("quartermaster.flow").connect()
