"""What the report of a back-test says, in the reader's language.

Each function takes ``env`` to translate and to format by, and plain figures.
"""

from odoo.tools.misc import formatLang


def share_text(env, share):
    """Return a share (0 to 1) as a whole percentage."""
    rounded = formatLang(env, 100 * share, digits=0, rounding_method="HALF-UP")
    return f"{rounded}\N{NO-BREAK SPACE}%"


def part_text(env, count, whole):
    """Return a count and its share of a whole."""
    return f"{count} ({share_text(env, count / whole)})" if whole else str(count)


def number_text(env, number):
    """Return a number with at most two decimals."""
    text = formatLang(env, number, digits=2)
    return text[:-3] if text.endswith("00") else text.rstrip("0")


def correlation_text(env, correlation):
    return formatLang(env, correlation, digits=2)


def describe_prediction(env, found, *, tier, day, months):
    """Return what there is to say of the prediction.

    :param found: as :meth:`~..engine.backtest.Backtest.predict` returns it
    :param tier: name of the best tier
    :param day: the back-test's date as text
    :param months: length of the test period
    :return: dict with ``message`` where there is nothing to measure, else with ``sentence``,
        ``bars``, ``verdict`` (Bootstrap style, sentence), ``correlation`` and ``note``
    """
    if not found["customers"]:
        return {
            "message": env._(
                "Nobody would have been ranked on %s: no customer had bought anything by then.", day
            )
        }
    if not found["revenue"]:
        return {
            "message": env._(
                "None of the %(customers)s customers ranked on %(day)s bought anything in the "
                "following %(months)s months, so there is nothing to compare the scores with.",
                customers=found["customers"],
                day=day,
                months=months,
            )
        }
    names = ("captured_by_tier", "captured_by_best", "captured_by_revenue")
    labels = (
        env._("%s by score", tier),
        env._("Best possible"),
        env._("Last year's revenue"),
    )
    shares = [found[name] for name in names]
    by_tier, by_best, by_revenue = texts = [share_text(env, share) for share in shares]
    styles = ("bg-primary", "bg-success", "bg-info")
    return {
        "sentence": env._(
            "The %(top)s of %(customers)s customers ranked %(tier)s on %(day)s then bought "
            "%(share)s of what all ranked customers bought in the following %(months)s months; "
            "the best possible choice of %(top)s customers would have captured %(best)s, last "
            "year's revenue alone %(revenue)s.",
            top=found["top_customers"],
            customers=found["customers"],
            tier=tier,
            day=day,
            share=by_tier,
            months=months,
            best=by_best,
            revenue=by_revenue,
        ),
        "bars": [
            {"label": label, "text": text, "width": 100 * share, "style": style}
            for label, text, share, style in zip(labels, texts, shares, styles, strict=True)
        ],
        "verdict": describe_verdict(env, found),
        "correlation": describe_correlation(env, found),
        "note": env._(
            "Ranked by the policy's rules, with documents as they are now. Customers who were not "
            "ranked on that day bought %s of everything since and are left out.",
            share_text(env, found["other_revenue"] / (found["revenue"] + found["other_revenue"])),
        ),
    }


def describe_verdict(env, found):
    """Return (Bootstrap style, sentence) of the score against last year's revenue."""
    if not found["top_customers"]:
        return "warning", env._(
            "No customer's score reached the best tier: its threshold may be too high."
        )
    gain = round(100 * (found["captured_by_tier"] - found["captured_by_revenue"]))
    if gain > 0:
        return "success", env._("The score chose better than last year's revenue alone.")
    if gain < 0:
        return "warning", env._(
            "Last year's revenue alone would have chosen better than the score: review the "
            "criteria and their weights."
        )
    return "info", env._("The score chose as well as last year's revenue alone.")


def describe_correlation(env, found):
    """Return the sentence on the rank correlations of all ranked customers."""
    if found["score_correlation"] is None:
        return env._(
            "All scores, or all later revenues, are the same, so there is no rank correlation."
        )
    score = correlation_text(env, found["score_correlation"])
    if found["revenue_correlation"] is None:
        return env._(
            "Over all customers, Spearman's rank correlation of the score with what was bought "
            "afterwards is %s (1 is the perfect order, 0 no better than chance).",
            score,
        )
    return env._(
        "Over all customers, Spearman's rank correlation of the score with what was bought "
        "afterwards is %(score)s, that of last year's revenue %(revenue)s (1 is the perfect order, "
        "0 no better than chance).",
        score=score,
        revenue=correlation_text(env, found["revenue_correlation"]),
    )


def describe_concentration(env, concentration, months):
    """Return the sentence on how few customers bring how much of the revenue.

    :param concentration: as :func:`~..engine.concentration.revenue_concentration` returns it
    :param months: length of the policy's period
    """
    if not concentration:
        return env._("There is no revenue in the policy's period.")
    return env._(
        "The best %(part)s of the customers, %(best)s of %(customers)s, bring %(share)s of the "
        "revenue of the last %(months)s months. The further the curve is from the straight line, "
        "the more the revenue depends on few customers.",
        part=f"{number_text(env, 100 * concentration['top_share'])}\N{NO-BREAK SPACE}%",
        best=concentration["best_customers"],
        customers=concentration["customers"],
        share=share_text(env, concentration["best_share"]),
        months=months,
    )


def describe_moves(env, went, *, start, end):
    """Return the sentence on how many customers moved which way between two days.

    :param went: numbers of customers by way: ``stayed``, ``up``, ``down``, ``came``, ``left``;
        None where nobody was in a tier before
    """
    if went is None:
        return env._(
            "No customer was in a tier on %(start)s: the first tier run was later.", start=start
        )
    return env._(
        "Between %(start)s and %(end)s, %(stayed)s customers stayed in their tier, %(up)s moved "
        "up, %(down)s moved down, %(came)s were new and %(left)s are no longer tiered.",
        **went,
        start=start,
        end=end,
    )


def describe_retention(env, *, tier, held, kept, bought, start, end):
    """Return the sentence on what became of a tier's customers."""
    return env._(
        "Of the %(customers)s customers in %(tier)s on %(start)s, %(kept)s were still in it or in "
        "a better tier on %(end)s, and %(bought)s bought something in between.",
        customers=held,
        tier=tier,
        kept=part_text(env, kept, held),
        bought=part_text(env, bought, held),
        start=start,
        end=end,
    )


def describe_near(env, *, has_scores, near, points, above_score, overridden):
    """Return the sentences on customers near a threshold, above their score, or overridden.

    :param has_scores: whether scores decide on the tier at all
    :param near: number of customers near a threshold
    :param points: how near, in points
    """
    points = number_text(env, points)
    if not has_scores:
        sentences = [env._("The policy goes by shares of the revenue, so there is no threshold.")]
    elif not near:
        sentences = [env._("No score is less than %s points from a threshold.", points)]
    else:
        sentences = [
            env._(
                "Customers with a score less than %(points)s points from a threshold: "
                "%(customers)s. Chance may have decided which side they are on.",
                customers=near,
                points=points,
            )
        ]
    sentences.append(
        env._(
            "Customers in a better tier than their score gives, within the tolerance or the grace "
            "period: %s.",
            above_score,
        )
        if above_score
        else env._("No customer is in a better tier than the score gives.")
    )
    if overridden:
        sentences.append(
            env._("Customers in another tier than by score, by an override: %s.", overridden)
        )
    return " ".join(sentences)
