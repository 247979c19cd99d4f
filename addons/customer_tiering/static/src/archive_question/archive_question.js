import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { listView } from "@web/views/list/list_view";

const views = registry.category("views");

/** Return a view that says what archiving does before it does so. */
const asking = (view, ask) => ({
    ...view,
    Controller: class extends view.Controller {
        get archiveDialogProps() {
            return { ...super.archiveDialogProps, body: ask() };
        }
    },
});

const QUESTIONS = {
    customer_tier_policy: () =>
        _t(
            "While a company has no active policy, no tiers are recalculated: customers keep the " +
                "tier that they have now, with what it gives, and overrides neither begin nor " +
                "end. Archive it?"
        ),
    customer_tier: () =>
        _t(
            "The next tier run moves the customers of an archived tier to other tiers, and " +
                "overrides with this tier rest. Archive it?"
        ),
    customer_service_level: () =>
        _t(
            "Tiers keep an archived service level, but it sets no targets any more: new tickets " +
                "get no deadlines from it, and new deliveries no priority. What was promised " +
                "before stays. Archive it?"
        ),
};

for (const [name, ask] of Object.entries(QUESTIONS)) {
    views.add(`${name}_form`, asking(formView, ask));
    views.add(`${name}_list`, asking(listView, ask));
}
