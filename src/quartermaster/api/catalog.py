from ninja import Router

routers = (Router(tags=["Catalog"]),)
