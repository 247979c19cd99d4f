import { markup } from "@odoo/owl";

/**
 * Return an action that a method gave, ready to be done: the text of its empty list is HTML.
 *
 * Odoo says so of the actions that it loads or that a button of a view returns, and of no others;
 * without it, an empty list shows the tags.
 */
export function withHelp(action) {
    return action?.help ? { ...action, help: markup(action.help) } : action;
}
