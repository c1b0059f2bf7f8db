"""Where the pages are. What `page` makes asks for a signed-in person; the sign-in pages alone do not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from quartermaster.console.connect import keys
from quartermaster.console.connect import views as connect
from quartermaster.console.counts import views as count_views
from quartermaster.console.exceptions import care as exceptions_care
from quartermaster.console.exceptions import views as exceptions
from quartermaster.console.floor import (
    carts,
    counting,
    crew,
    dispatching,
    packing,
    picking,
    policy,
    receiving,
    refilling,
    scanner,
    storing,
    waves,
)
from quartermaster.console.floor import views as floor
from quartermaster.console.gate import open_page, page
from quartermaster.console.kpi import views as kpi
from quartermaster.console.kpi import weeks as kpi_weeks
from quartermaster.console.late import promises, scores, silence
from quartermaster.console.late import views as late
from quartermaster.console.listings import views as listings
from quartermaster.console.marketplaces import defects as marketplace_defects
from quartermaster.console.marketplaces import official as marketplace_official
from quartermaster.console.marketplaces import terms as marketplace_terms
from quartermaster.console.marketplaces import views as marketplaces
from quartermaster.console.messages import replays, stuck, windows
from quartermaster.console.messages import views as messages
from quartermaster.console.orders import changes, chosen, edits
from quartermaster.console.orders import views as orders
from quartermaster.console.outside import views as outside
from quartermaster.console.packaging import views as packaging
from quartermaster.console.people import papers as badge_papers
from quartermaster.console.people import views as people
from quartermaster.console.prices import shops as price_shops
from quartermaster.console.prices import views as prices
from quartermaster.console.products import changes as product_changes
from quartermaster.console.products import differences as product_differences
from quartermaster.console.products import files as product_files
from quartermaster.console.products import naming as product_naming
from quartermaster.console.products import table as product_table
from quartermaster.console.products import told as product_told
from quartermaster.console.products import views as products
from quartermaster.console.search.views import search
from quartermaster.console.shipping import (
    accounts,
    claims,
    customs,
    dispatch,
    playbooks,
    preferences,
    refund_policy,
    restricted,
    tariff,
)
from quartermaster.console.shipping import changes as ship_changes
from quartermaster.console.shipping import views as shipping
from quartermaster.console.signin import badge
from quartermaster.console.signin import views as signin
from quartermaster.console.sites import views as sites
from quartermaster.console.stock import recalls, shelf_life
from quartermaster.console.stock import views as stock
from quartermaster.console.timers import targets
from quartermaster.console.timers import views as timers
from quartermaster.console.today.views import today
from quartermaster.console.tracked.views import tracked


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/help_page.html")


urlpatterns: list[URLPattern] = [
    path("t/<str:link>", open_page(get=tracked), name="tracked"),
    path("sign-in", open_page(get=signin.ask), name="sign-in"),
    path("sign-in/<str:token>", open_page(get=signin.confirm, post=signin.enter), name="sign-in-link"),
    path("sign-out", page(post=signin.leave), name="sign-out"),
    path("look", page(post=signin.set_look), name="look"),
    path("help", page(get=help_page), name="help"),
    path("", page(get=today), name="home"),
    path("search", page(get=search), name="search"),
    path("orders", page(get=orders.orders), name="orders"),
    path("orders/chosen", page(get=chosen.slips, post=chosen.act), name="orders-chosen"),
    path("orders/<str:number>", page(get=orders.order), name="order"),
    path("orders/<str:number>/holds", page(post=changes.place_hold), name="holds"),
    path(
        "orders/<str:number>/holds/<str:kind>/release", page(post=changes.release_hold), name="hold-release"
    ),
    path("orders/<str:number>/address", page(post=changes.set_address), name="order-address"),
    path("orders/<str:number>/cancel", page(post=changes.cancel), name="order-cancel"),
    path("orders/<str:number>/edit", page(get=edits.form, post=edits.submit), name="order-edit"),
    path("orders/<str:number>/refunds/<str:refund>/pay", page(post=changes.pay_out), name="refund-pay"),
    path("orders/<str:number>/routing", page(post=changes.reroute), name="order-routing"),
    path("floor", page(get=floor.floor), name="floor"),
    path("floor/in", open_page(get=badge.ask, post=badge.enter), name="floor-in"),
    path("floor/out", page(post=badge.leave), name="floor-leave"),
    path("floor/device", page(get=badge.device, post=badge.enroll), name="floor-device"),
    path("floor/scanner", page(get=scanner.scanner, post=scanner.heard), name="floor-scanner"),
    path("floor/scanner/codes.pdf", page(get=scanner.sheet), name="floor-scanner-codes"),
    path("floor/pin", page(get=badge.pin, post=badge.set_pin), name="floor-pin"),
    path("floor/lists", page(post=floor.make_list), name="floor-lists"),
    path("floor/pick/<int:list_id>", page(get=picking.pick), name="floor-pick"),
    path("floor/pick/<int:list_id>/cancel", page(post=picking.give_back), name="floor-pick-cancel"),
    path("floor/pick/<int:list_id>/scans", page(post=picking.hear), name="floor-pick-scans"),
    path("floor/pick/<int:list_id>/<int:pick_id>", page(post=picking.scan), name="floor-scan"),
    path("floor/pick/<int:list_id>/<int:pick_id>/short", page(post=picking.short_of), name="floor-short"),
    path("floor/pack", page(post=packing.begin), name="floor-pack-begin"),
    path("floor/pack/<int:parcel_id>", page(get=packing.parcel), name="floor-pack"),
    path("floor/pack/<int:parcel_id>/scan", page(post=packing.scan), name="floor-pack-scan"),
    path("floor/pack/<int:parcel_id>/items/<int:item_id>/out", page(post=packing.take_out), name="floor-out"),
    path("floor/pack/<int:parcel_id>/unscanned", page(post=packing.unscanned), name="floor-pack-unscanned"),
    path("floor/pack/<int:parcel_id>/plan", page(post=packing.plan), name="floor-pack-plan"),
    path("floor/pack/<int:parcel_id>/close", page(post=packing.close), name="floor-pack-close"),
    path("floor/pack/<int:parcel_id>/open", page(post=packing.open_again), name="floor-pack-open"),
    path("floor/pack/<int:parcel_id>/photos", page(post=packing.photograph), name="floor-pack-photos"),
    path(
        "floor/pack/<int:parcel_id>/photos/<int:photo_id>", page(get=packing.photo), name="floor-pack-photo"
    ),
    path("packaging", page(get=packaging.packaging, post=packaging.change), name="packaging"),
    path("packaging/inserts", page(post=packaging.insert), name="packaging-inserts"),
    path("packaging/photos", page(post=packaging.photos), name="packaging-photos"),
    path("packaging/returns", page(post=packaging.returns), name="packaging-returns"),
    path("packaging/cartons.csv", page(get=packaging.table, post=packaging.bring), name="packaging-csv"),
    path("floor/receive", page(get=receiving.arriving, post=receiving.begin), name="floor-receive"),
    path(
        "floor/receive/<int:arrival_id>",
        page(get=receiving.arrival, post=receiving.scan),
        name="floor-arrival",
    ),
    path("floor/receive/<int:arrival_id>/close", page(post=receiving.close), name="floor-arrival-close"),
    path(
        "floor/receive/<int:arrival_id>/receipts/<int:receipt_id>",
        page(post=receiving.inspect),
        name="floor-inspect",
    ),
    path("floor/photos/<int:photo_id>", page(get=receiving.picture), name="floor-photo"),
    path("floor/put-away", page(get=storing.dock, post=storing.put_away), name="floor-put-away"),
    path("floor/move", page(get=storing.move, post=storing.carry), name="floor-move"),
    path("floor/dispatch", page(get=dispatching.dispatch, post=dispatching.scan), name="floor-dispatch"),
    path("floor/dispatch/<str:number>/close", page(post=dispatching.close), name="floor-dispatch-close"),
    path("floor/put-backs", page(get=floor.backs), name="floor-put-backs"),
    path("floor/put-backs/<int:task_id>", page(post=floor.put_back), name="floor-put-back"),
    path("floor/counts", page(get=counting.counts), name="floor-counts"),
    path("floor/counts/<int:task_id>", page(get=counting.count, post=counting.say), name="floor-count"),
    path("floor/counts/<int:task_id>/scan", page(post=counting.scan), name="floor-count-scan"),
    path("floor/waves", page(get=waves.waves, post=waves.plan), name="floor-waves"),
    path("floor/waves/preview", page(post=waves.look), name="floor-wave-look"),
    path("floor/waves/<int:wave_id>", page(get=waves.wave), name="floor-wave"),
    path("floor/waves/<int:wave_id>/release", page(post=waves.release), name="floor-wave-release"),
    path("floor/waves/<int:wave_id>/close", page(post=waves.close), name="floor-wave-close"),
    path("floor/waves/<int:wave_id>/cancel", page(post=waves.cancel), name="floor-wave-cancel"),
    path("floor/totes", page(get=carts.totes), name="floor-totes"),
    path("floor/carts/<int:list_id>", page(get=carts.cart, post=carts.put), name="floor-cart"),
    path("floor/policy", page(get=policy.policy, post=policy.write), name="floor-policy"),
    path("floor/crew", page(get=crew.lead), name="floor-crew"),
    path("floor/refills", page(get=refilling.refills, post=refilling.plan), name="floor-refills"),
    path("floor/refills/<int:task_id>", page(post=refilling.carry), name="floor-refill"),
    path("counts", page(get=count_views.counts), name="counts"),
    path("counts/schedule", page(post=count_views.schedule), name="counts-schedule"),
    path("counts/policy", page(post=count_views.set_policy), name="counts-policy"),
    path("counts/<int:task_id>/approve", page(post=count_views.approve), name="count-approve"),
    path("counts/<int:task_id>/again", page(post=count_views.again), name="count-again"),
    path("people", page(get=people.people, post=people.invite), name="people"),
    path("people/devices/<int:device_id>/revoke", page(post=people.revoke_device), name="device-revoke"),
    path("people/<int:user_id>", page(get=people.person, post=people.change), name="person"),
    path("people/<int:user_id>/link", page(post=people.link), name="person-link"),
    path("people/<int:user_id>/stop", page(post=people.stop), name="person-stop"),
    path("people/<int:user_id>/return", page(post=people.take_back), name="person-return"),
    path("people/<int:user_id>/pin", page(post=people.pin), name="person-pin"),
    path("people/<int:user_id>/badge", page(post=people.badge), name="person-badge"),
    path("people/<int:user_id>/badge/paper", page(post=badge_papers.badge), name="person-badge-paper"),
    path("people/<int:user_id>/badge/revoke", page(post=people.revoke_badge), name="person-badge-revoke"),
    path("marketplaces", page(get=marketplaces.marketplaces), name="marketplaces"),
    path(
        "marketplaces/terms",
        page(get=marketplace_terms.page, post=marketplace_terms.write),
        name="marketplaces-terms",
    ),
    path(
        "marketplaces/<str:slug>/defects",
        page(get=marketplace_defects.page, post=marketplace_defects.write),
        name="marketplaces-defects",
    ),
    path(
        "marketplaces/<str:slug>/defects.csv",
        page(post=marketplace_defects.bring),
        name="marketplaces-bring",
    ),
    path(
        "marketplaces/<str:slug>/official",
        page(post=marketplace_official.write),
        name="marketplaces-official",
    ),
    path(
        "marketplaces/<str:slug>/<str:measure>", page(get=marketplaces.measure), name="marketplaces-measure"
    ),
    path(
        "marketplaces/<str:slug>/<str:measure>/counted/<int:counted_id>",
        page(post=marketplaces.contest),
        name="marketplaces-contest",
    ),
    path("kpi", page(get=kpi.kpi), name="kpi"),
    path("kpi/weeks", page(get=kpi_weeks.page), name="kpi-weeks"),
    path("kpi/<str:key>", page(get=kpi.rows), name="kpi-rows"),
    path("exceptions", page(get=exceptions.exceptions), name="exceptions"),
    path("exceptions/said", page(post=exceptions_care.said), name="exceptions-said"),
    path("exceptions/undo", page(post=exceptions_care.undo), name="exceptions-undo"),
    path("exceptions/<slug:cause>/said", page(post=exceptions_care.rows_said), name="exceptions-rows-said"),
    path("exceptions/<slug:cause>", page(get=exceptions.group, post=exceptions.fix), name="exceptions-group"),
    path("messages", page(get=messages.messages), name="messages"),
    path("messages/replay", page(get=windows.window, post=windows.replay), name="messages-replay"),
    path("messages/replays", page(get=replays.replays, post=replays.ask), name="messages-replays"),
    path(
        "messages/replays/<int:replay_id>",
        page(get=replays.replay, post=replays.steer),
        name="messages-replay-one",
    ),
    path("messages/<int:message_id>", page(get=messages.message), name="message"),
    path("messages/<int:message_id>/replay", page(post=messages.replay), name="message-replay"),
    path("connect", page(get=connect.connect), name="connect"),
    path("connect/<slug:slug>", page(get=connect.shop, post=connect.switch), name="connect-shop"),
    path("connect/<slug:slug>/keys", page(get=keys.keys, post=keys.replace), name="connect-keys"),
    path("connect/<slug:slug>/compare", page(post=connect.compare), name="connect-compare"),
    path("connect/<slug:slug>/drifts/<int:drift_id>", page(post=connect.let_be), name="connect-drift"),
    path("connect/<slug:slug>/drifts/<int:drift_id>/heal", page(post=connect.heal), name="connect-heal"),
    path("connect/<slug:slug>/drifts/<int:drift_id>/take", page(post=connect.take), name="connect-take"),
    path("stuck", page(get=stuck.deliveries), name="deliveries"),
    path("stuck/<int:delivery_id>/retry", page(post=stuck.retry), name="delivery-retry"),
    path("late", page(get=late.late), name="late"),
    path("late/said", page(post=late.answer), name="late-answer"),
    path("late/silence", page(get=silence.page, post=silence.change), name="late-silence"),
    path("late/patience", page(post=late.patience), name="late-patience"),
    path("outside", page(get=outside.outside, post=outside.work), name="outside"),
    path("outside/<str:code>", page(get=outside.site), name="outside-site"),
    path("outside/<str:code>/drifts/<int:drift_id>", page(post=outside.settle), name="outside-drift"),
    path("outside/<str:code>/receipts/<int:receipt_id>", page(post=outside.receipt), name="outside-receipt"),
    path("outside/<str:code>/unread/<int:unread_id>", page(post=outside.seen), name="outside-seen"),
    path("parcels/P-<int:parcel_id>/scans", page(get=late.parcel), name="parcel-scans"),
    path("parcels/P-<int:parcel_id>/photos/<int:photo_id>", page(get=packing.photo), name="parcel-photo"),
    path("ship", page(get=shipping.ship), name="ship"),
    path("ship/labels.pdf", page(get=shipping.labels, post=shipping.print_new), name="ship-labels"),
    path("ship/claims", page(get=claims.page), name="ship-claims"),
    path("ship/claims.csv", page(get=claims.export), name="ship-claims-csv"),
    path("ship/claims/<str:number>", page(post=claims.turn), name="ship-claim"),
    path("ship/restricted", page(get=restricted.page, post=restricted.write), name="ship-restricted"),
    path("ship/restricted/<int:restriction_id>/end", page(post=restricted.end), name="ship-restricted-end"),
    path("ship/tariff", page(get=tariff.page, post=tariff.write), name="ship-tariff"),
    path("ship/tariff/<int:line_id>/end", page(post=tariff.end), name="ship-tariff-end"),
    path("ship/customs", page(get=customs.page, post=customs.write), name="ship-customs"),
    path("ship/given-back", page(get=refund_policy.page, post=refund_policy.write), name="refund-policy"),
    path("ship/scorecard", page(get=scores.page), name="ship-scorecard"),
    path("ship/promises", page(get=promises.page), name="ship-promises"),
    path("ship/again", page(post=ship_changes.again), name="ship-again"),
    path(
        "ship/carriers/<str:carrier>",
        page(get=shipping.carrier, post=ship_changes.pause),
        name="ship-carrier",
    ),
    path("ship/carriers/<str:carrier>/resume", page(post=ship_changes.resume), name="ship-resume"),
    path("ship/carriers/<str:carrier>/playbook", page(post=playbooks.write), name="ship-playbook"),
    path("ship/carriers/<str:carrier>/playbook/fire", page(post=playbooks.fire), name="ship-fire"),
    path("ship/dispatch", page(get=dispatch.page, post=dispatch.call), name="ship-dispatch"),
    path("ship/dispatch/<str:number>/cancel", page(post=dispatch.cancel), name="ship-pickup-cancel"),
    path("ship/rules", page(get=preferences.page, post=preferences.write), name="ship-rules"),
    path("ship/rules/<int:nth>/remove", page(post=preferences.remove), name="ship-rule-remove"),
    path("ship/accounts", page(get=accounts.page), name="ship-accounts"),
    path(
        "ship/accounts/new/<slug:kind>", page(get=accounts.new, post=accounts.make), name="ship-account-new"
    ),
    path("ship/accounts/<slug:slug>", page(get=accounts.account, post=accounts.change), name="ship-account"),
    path("ship/scan", page(post=ship_changes.scan), name="ship-scan"),
    path("manifests/<str:number>/close", page(post=ship_changes.close), name="manifest-close"),
    path("manifests/<str:number>/tell", page(post=dispatch.again), name="manifest-tell"),
    path("manifests/<str:number>/<slug:account>.pdf", page(get=dispatch.sheet), name="manifest-sheet"),
    path("parcels/<str:number>", page(get=shipping.parcel), name="parcel"),
    path("parcels/<str:number>/label", page(post=ship_changes.buy), name="parcel-label"),
    path(
        "orders/<str:number>/address-suggestion",
        page(post=ship_changes.take_address),
        name="order-take-address",
    ),
    path("ship/addresses", page(post=ship_changes.address_policy), name="ship-addresses"),
    path("parcels/<str:number>/claim", page(post=claims.raise_for), name="parcel-claim"),
    path("parcels/<str:number>/contents", page(post=ship_changes.declare), name="parcel-contents"),
    path("parcels/<str:number>/void", page(post=ship_changes.void), name="parcel-void"),
    path("parcels/<str:number>/address", page(post=ship_changes.check_address), name="parcel-address"),
    path("parcels/<str:number>/return", page(post=ship_changes.buy_return), name="parcel-return"),
    path("parcels/<str:number>/return/void", page(post=ship_changes.void_return), name="parcel-return-void"),
    path("parcels/<str:number>/<str:name>", page(get=shipping.paper), name="parcel-paper"),
    path("timers", page(get=timers.page), name="timers"),
    path("timers/said", page(post=timers.answer), name="timers-answer"),
    path("timers/targets", page(get=targets.page, post=targets.change), name="timer-targets"),
    path("sites", page(get=sites.sites), name="sites"),
    path("sites/<str:code>/calendar", page(get=sites.calendar, post=sites.change), name="site-calendar"),
    path("floor/quarantine", page(get=recalls.quarantine, post=recalls.carry), name="floor-quarantine"),
    path("products", page(get=products.products, post=products.look), name="products"),
    path("products/causes/<slug:cause>", page(get=products.cause, post=products.act), name="products-cause"),
    path("products/changes", page(get=product_changes.changes), name="products-changes"),
    path(
        "products/changes/<int:edit_id>",
        page(get=product_changes.change, post=product_changes.undo),
        name="products-change",
    ),
    path("products/table", page(get=product_table.table, post=product_table.change), name="products-table"),
    path("products/table.csv", page(get=product_files.export), name="products-csv"),
    path("products/file", page(get=product_files.ask, post=product_files.bring), name="products-file"),
    path(
        "products/file/<int:edit_id>",
        page(get=product_files.asked, post=product_files.apply),
        name="products-file-asked",
    ),
    path(
        "products/differences",
        page(get=product_differences.page, post=product_differences.settle),
        name="products-differences",
    ),
    path("products/told", page(get=product_told.page), name="products-told"),
    path("products/told/<int:push_id>", page(post=product_told.undo), name="products-push"),
    path("products/naming", page(get=product_naming.page, post=product_naming.keep), name="products-naming"),
    path("products/sku/<path:code>", page(get=products.product, post=products.mend), name="product"),
    path("prices", page(get=prices.prices, post=prices.make), name="prices"),
    path("prices/blocked", page(get=price_shops.blocked), name="prices-blocked"),
    path("prices/changes/<int:batch_id>", page(post=prices.decide), name="prices-change"),
    path("prices/lists/<str:name>", page(get=prices.on_list, post=prices.write), name="prices-list"),
    path("prices/rules/<str:name>", page(post=prices.change), name="prices-rules"),
    path("prices/skus/<str:code>", page(get=prices.sku), name="prices-sku"),
    path("prices/shops/<slug:slug>", page(get=price_shops.shop, post=price_shops.change), name="prices-shop"),
    path("listings", page(get=listings.shops), name="listings"),
    path("listings/<slug:slug>", page(get=listings.page, post=listings.ask), name="listings-shop"),
    path("listings/<slug:slug>/one", page(get=listings.one, post=listings.change), name="listing"),
    path("stock", page(get=stock.stock), name="stock"),
    path("stock/shelf-life", page(get=shelf_life.page, post=shelf_life.write), name="shelf-life"),
    path("stock/recalls", page(get=recalls.page, post=recalls.make), name="recalls"),
    path("stock/recalls/<str:number>.csv", page(get=recalls.export), name="recall-csv"),
    path("stock/recalls/<str:number>", page(get=recalls.one), name="recall"),
    path("stock/recalls/<str:number>/lift", page(post=recalls.lift), name="recall-lift"),
    path("stock/recalls/<str:number>/notices/<int:notice_id>", page(post=recalls.told), name="recall-told"),
    path("stock/<path:code>", page(get=stock.sku), name="stock-sku"),
]
