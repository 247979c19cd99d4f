def put_together(criteria, figures, points):
    """Return what a score is made of, a dict per criterion.

    :param criteria: dicts with the ``weight`` and what else a run noted of each criterion
    :param figures: the customer's figures in the criteria's order, None for a missing one
    :param points: those that each figure earned, 0 to 100, None where the criterion is left out
    :return: each criterion with its ``figure``, ``points`` and ``contribution``: the weight's
        part of those that apply, times the points; the contributions add up to the score
    """
    judged = list(zip(criteria, figures, points, strict=False))
    applicable = sum(
        criterion["weight"] for criterion, _figure, earned in judged if earned is not None
    )
    return [
        {
            **criterion,
            "figure": figure,
            "points": earned,
            "contribution": None
            if earned is None or not applicable
            else criterion["weight"] * earned / applicable,
        }
        for criterion, figure, earned in judged
    ]
