"""What the weeks of each line say about the demand until the order after the next one comes.

The words mean what ``tools/forecast.py`` says. Only days on which something moved are rows; the
weeks between them had stock on all of their days or on none, and are counted together.
"""

from odoo.tools import SQL

from ..tools import (
    ERRATIC,
    FEWEST_STOCKED_DAYS,
    FEWEST_WEEKS,
    GIANT_SHARE,
    INTERMITTENT,
    LEAST_SEASON,
    METHODS,
    SEASON_WEEKS,
    SMOOTHING,
    USUAL_METHOD,
    WEEKS,
    covering_quantity,
)
from .demand import crossings_query, days_query, has_stock, stocks_query
from .forecast_methods import method_rates, method_sums
from .locations import inside_step
from .position import on_hand_query

# What the levels read of a forecast.
COLUMNS = SQL(
    "NULL::integer AS line_id, NULL::date AS day, 0::bigint AS weeks, "
    "0::double precision AS weekly_forecast, NULL::varchar AS demand_class, "
    "NULL::varchar AS forecast_flag, NULL::varchar AS forecast_method, "
    "0::double precision AS period_days, "
    "0::double precision AS mean, 0::double precision AS variance, "
    "0::double precision AS season, NULL::numeric AS covering"
)

NO_SEASONS = SQL(
    "SELECT NULL::integer AS line_id, 0 AS month, 1::double precision AS index WHERE FALSE"
)


def find_shelves(tables, due):
    """Make the table of the shelves whose weeks are looked at; see :func:`shelves_query`.

    :param tables: the temporary tables of who asks
    """
    return tables.create("shelves", shelves_query(due))


def find_shelf_days(tables, scope, due, shelves, positions, since, inside=None):
    """Make the table of the days on which anything moved, and of tomorrow.

    Read once, it serves the daily demand of all lines as well as the weeks of some, and the weeks
    of predecessors; see :func:`~.demand.days_query`.

    :param tables: the temporary tables of who asks; ``shelf_days`` is made
    :param due: the table of lines
    :param shelves: the table of :func:`shelves_query`
    :param positions: the table of the lines' positions
    :param since: SQL over ``due`` of the moment from which moves count
    :param inside: the table of :func:`~.locations.inside_query`, when there is one
    """
    tables.cr.execute(
        SQL(
            "SELECT EXISTS (SELECT FROM %s "
            "WHERE method = 'forecast' AND predecessor_id IS NOT NULL)",
            due,
        )
    )
    moved = crossings_query(scope, due, since)
    stocks = stocks_query(due, positions)
    if tables.cr.fetchone()[0]:
        tables.cr.execute(SQL("SELECT * FROM %s LIMIT 0", due))
        columns = [column.name for column in tables.cr.description]
        formers = tables.create("formers", formers_query(due, columns))
        moved = SQL("%s UNION ALL %s", moved, crossings_query(scope, formers, since))
        stocks = SQL("%s UNION ALL %s", stocks, former_stocks_query(scope, shelves))
    return tables.create(
        "shelf_days",
        SQL(
            "WITH %s %s",
            inside_step(due, inside),
            days_query(scope, moved, stocks),
        ),
    )


def review_start(scope):
    """Return SQL over ``due`` of the moment from which a review looks at what moved."""
    return SQL(
        "CASE WHEN due.has_forecast THEN LEAST(due.window_start, "
        "CASE WHEN due.is_seasonal THEN %s ELSE %s END) ELSE due.window_start END",
        scope.start_of(SQL("%s - 7 * %s", scope.today, SEASON_WEEKS)),
        scope.start_of(SQL("%s - 7 * %s", scope.today, WEEKS)),
    )


def forecast(tables, scope, shelves, shelf_days, leads, asked, seasons, every_method=False):
    """Make the table of the forecasts of some lines as of some days, and return its name.

    :param tables: the temporary tables of who asks; ``outlooks`` and ``forecasts`` are made
    :param shelves: the table of :func:`shelves_query`; else as :func:`outlooks_query` has it
    """
    # Sorted once, the weeks of a line are grouped, counted and summed in their order.
    tables.cr.execute("SET LOCAL enable_hashagg = off")
    outlooks = tables.create(
        "outlooks",
        outlooks_query(scope, shelves, shelf_days, leads, asked, seasons, every_method),
    )
    tables.cr.execute("SET LOCAL enable_hashagg TO DEFAULT")
    tables.cr.execute(to_cover_query(outlooks))
    numbers, quantities = [], []
    for number, mean, variance, target in tables.cr.fetchall():
        numbers.append(number)
        quantities.append(covering_quantity(mean, variance, target))
    return tables.create("forecasts", forecasts_query(outlooks, (numbers, quantities)))


def no_forecasts():
    """Return what to join where no line goes by a forecast."""
    return SQL("(SELECT %s WHERE FALSE)", COLUMNS)


def shelves_query(due):
    """Return the SELECT of the lines whose weeks are looked at, and of their predecessors.

    Those are the lines with a forecast, those with one that is still to be compared with what
    came, and, under the negative id of the line, the predecessors at the same location.

    :param due: the table of lines
    :return: SQL with what a forecast goes by; of a predecessor the ids alone
    """
    return SQL(
        """
        SELECT line_id, product_id, location_id, commercial_partner_id, method, delay,
               interval_days, service_target, predecessor_factor, is_seasonal, categ_id,
               look_back_weeks
          FROM %(due)s
         WHERE has_forecast
         UNION ALL
        SELECT -line_id, predecessor_id, location_id, NULL, method, NULL, NULL, NULL, NULL,
               is_seasonal, categ_id, look_back_weeks
          FROM %(due)s
         WHERE method = 'forecast' AND predecessor_id IS NOT NULL
        """,
        due=due,
    )


def formers_query(due, columns):
    """Return the SELECT of the predecessors as rows of ``due``, under the lines' negative ids.

    :param due: the table of lines
    :param columns: the names of its columns
    """
    instead = {
        "line_id": SQL("-due.line_id"),
        "product_id": SQL("due.predecessor_id"),
        "unit_factor": SQL("unit.factor AS unit_factor"),
    }
    return SQL(
        """
        SELECT %(columns)s
          FROM %(due)s due
          JOIN product_product product ON product.id = due.predecessor_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = template.uom_id
         WHERE due.method = 'forecast'
        """,
        due=due,
        columns=SQL(", ").join(
            SQL("%s AS %s", instead.get(name) or SQL.identifier("due", name), SQL.identifier(name))
            if name != "unit_factor"
            else instead[name]
            for name in columns
        ),
    )


def former_stocks_query(scope, shelves):
    """Return the SELECT of what lies there of predecessors.

    :param shelves: the table of :func:`shelves_query`
    :return: SQL over ``inside`` like that of :func:`~.demand.stocks_query`; no window
    """
    return SQL(
        """
        SELECT former.line_id, COALESCE(on_hand.stored, 0), NULL::integer
          FROM %(shelves)s former
     LEFT JOIN (%(on_hand)s) on_hand ON on_hand.line_id = former.line_id
         WHERE former.line_id < 0
        """,
        shelves=shelves,
        on_hand=on_hand_query(
            SQL("(SELECT * FROM %s WHERE line_id < 0)", shelves), scope.conditions.usable_stock
        ),
    )


def weeks_query(shelf_days, asked, seasons, has_ranks=False):
    """Return the SELECT of the weeks before a day in which anything moved, the latest being 0.

    Week -1 stands for the day itself. What lies between two rows are weeks without moves.

    :param shelf_days: the table of :func:`find_shelf_days`
    :param asked: what to select from: ``line_id``, ``day`` and ``weeks`` to look back over
    :param seasons: SQL with ``line_id``, ``month`` and ``index``, by which demand is divided;
        None where no line has a season
    :param has_ranks: whether weeks with demand are numbered as well
    :return: SQL with ``line_id``, ``day``, ``week``, ``is_counted``, ``demand`` (of a whole week
        with stock), ``idle`` (the counted weeks just before it without moves, with ``gap`` weeks
        in all), ``newer`` (counted weeks after it), ``upto`` (with it and those before it) and,
        where asked for, ``rank`` (of a week with demand, those after it)
    """
    return SQL(
        """
        WITH moved AS (
            SELECT asked.line_id, asked.day, asked.weeks, days.day AS moved_on, days.demand,
                   days.outflow, days.opening, days.opening + days.net AS closing,
                   days.previous_day, days.next_day,
                   CASE WHEN days.day < asked.day
                        THEN (asked.day - 1 - days.day) / 7 ELSE -1 END AS week,
                   -- Of the day before it with moves; all weeks where none is looked at.
                   LEAST((asked.day - 1 - days.previous_day) / 7, asked.weeks) AS previous_week
              FROM %(asked)s asked
              JOIN %(shelf_days)s days
                ON days.line_id = asked.line_id
               AND days.day >= asked.day - 7 * asked.weeks
               AND (days.day < asked.day OR COALESCE(days.previous_day < asked.day, TRUE))
        ),
        touched AS (
            SELECT line_id, day, week,
                   SUM(CASE WHEN week < 0 THEN 0 ELSE demand END) AS demand,
                   SUM(CASE WHEN week < 0 THEN 0
                            WHEN %(opened)s
                            THEN moved_on - GREATEST(previous_day, day - 7 * week - 8)
                            WHEN outflow > 0 THEN 1
                            ELSE 0 END
                       + CASE WHEN week >= 0 AND next_day >= day - 7 * week AND %(closed)s
                              THEN day - 7 * week - 1 - moved_on ELSE 0 END) AS stocked_days,
                   -- Since the last week with moves nothing changed until the first of this one.
                   BOOL_OR(%(opened)s) FILTER (WHERE week < 0 OR previous_week > week)
                       AS was_stocked,
                   MAX(previous_week - week - 1) AS gap
              FROM moved
          GROUP BY line_id, day, week
        ),
        counts AS (
            SELECT line_id, day, week, demand, stocked_days, gap,
                   week >= 0 AND stocked_days >= %(fewest)s AS is_counted,
                   CASE WHEN was_stocked THEN gap ELSE 0 END AS idle
              FROM touched
        ),
        runs AS (
            SELECT counts.*,
                   (SUM(is_counted::integer + idle)
                    OVER (PARTITION BY line_id, day ORDER BY week ROWS UNBOUNDED PRECEDING)
                   )::integer AS upto%(ranks)s
              FROM counts
        )
        SELECT runs.line_id, runs.day, runs.week, gap, is_counted, idle, upto,
               upto - idle - is_counted::integer AS newer,
               CASE WHEN is_counted THEN demand * 7 / stocked_days / %(index)s END AS demand%(rank)s
          FROM runs
               %(in_season)s
        """,
        index=SQL("COALESCE(seasons.index, 1)") if seasons else SQL("1"),
        # The month of the middle of the week.
        in_season=SQL(
            "LEFT JOIN (%s) AS seasons ON seasons.line_id = ABS(runs.line_id) "
            "AND seasons.month = EXTRACT(MONTH FROM runs.day - 7 * runs.week - 4)",
            seasons,
        )
        if seasons
        else SQL(),
        ranks=SQL(
            ", COUNT(*) FILTER (WHERE is_counted AND demand > 0) OVER (PARTITION BY line_id, day "
            "ORDER BY week ROWS UNBOUNDED PRECEDING) - 1 AS rank"
        )
        if has_ranks
        else SQL(),
        rank=SQL(", rank") if has_ranks else SQL(),
        asked=asked,
        shelf_days=shelf_days,
        opened=has_stock(SQL("opening")),
        closed=has_stock(SQL("closing")),
        fewest=FEWEST_STOCKED_DAYS,
    )


def find_seasons(cr, shelves, company_id):
    """Return the SELECT of the months' indices of the lines that have a season, None without."""
    cr.execute(SQL("SELECT EXISTS (SELECT FROM %s WHERE is_seasonal)", shelves))
    return seasons_query(shelves, company_id) if cr.fetchone()[0] else None


def seasons_query(shelves, company_id):
    """Return the SELECT of the months' indices of the lines that have a season."""
    return SQL(
        """
        SELECT shelf.line_id, season.month, season.index
          FROM %s shelf
          JOIN vmi_season season
            ON COALESCE(season.categ_id, 0) = COALESCE(shelf.categ_id, 0)
           AND season.company_id = %s
         WHERE shelf.is_seasonal AND shelf.line_id > 0
        """,
        shelves,
        company_id,
    )


def outlooks_query(scope, shelves, shelf_days, leads, asked, seasons, every_method=False):
    """Return the SELECT of what the weeks say, a row a line and day.

    :param shelves: the table of :func:`shelves_query`
    :param shelf_days: the table of :func:`find_shelf_days`
    :param leads: the table of lead times
    :param asked: SELECT of ``line_id``, ``day`` and ``weeks`` to look back over; predecessors too
    :param seasons: SELECT of the lines' seasons, as :func:`weeks_query` has it
    :param every_method: by each method, a row each; else by the champion of the class on the day
    :return: SQL with a ``number``, ``line_id``, ``day``, ``weeks``, ``weekly_forecast``,
        ``demand_class``, ``forecast_flag``, ``forecast_method``, ``period_days`` (lead time and
        time between reviews),
        ``season`` (the period's index), ``mean`` and ``variance`` of what is wanted in the period,
        and ``target``, which is NULL where there is no basis for a forecast
    """
    has_others = every_method or bool(scope.champions)
    return SQL(
        """
        WITH asked AS (%(asked)s),
        season_rows AS (%(seasons)s),
        weeks AS (%(weeks)s),
        sums AS (
            SELECT line_id, day, MAX(upto) AS weeks,
                   COALESCE(SUM(demand * POWER(%(kept)s::double precision, newer)), 0)
                       * %(smoothing)s AS smoothed,
                   -- How new it is, and the demand, of the oldest week that something moved in.
                   MAX(ARRAY[newer, demand]) FILTER (WHERE is_counted) AS oldest,
                   COALESCE(SUM(demand), 0) AS demand, COALESCE(SUM(demand ^ 2), 0) AS squares,
                   COUNT(*) FILTER (WHERE demand > 0) AS sizes,
                   SUM(demand) FILTER (WHERE demand > 0) AS wanted,
                   AVG(demand) FILTER (WHERE demand > 0) AS mean_size,
                   VAR_SAMP(demand) FILTER (WHERE demand > 0) AS size_variance,
                   MAX(demand) AS largest%(sums)s
              FROM weeks
          GROUP BY line_id, day
        ),
        classes AS (
            SELECT sums.*,
                   -- The first week has the weight of all before it.
                   GREATEST(smoothed + CASE WHEN oldest[1] = weeks - 1
                       THEN oldest[2] * POWER(%(kept)s::double precision, oldest[1])
                            * (1 - %(smoothing)s) ELSE 0 END, 0) AS usual_rate,
                   CASE WHEN weeks > 1
                        THEN GREATEST((squares - demand ^ 2 / weeks) / (weeks - 1), 0)
                        ELSE 0 END AS week_variance,
                   CASE WHEN weeks < %(fewest)s THEN 'new'
                        WHEN is_intermittent AND is_erratic THEN 'lumpy'
                        WHEN is_intermittent OR sizes = 0 THEN 'intermittent'
                        WHEN is_erratic THEN 'erratic'
                        ELSE 'smooth' END AS demand_class
              FROM sums
        CROSS JOIN LATERAL (
                SELECT COALESCE(size_variance, 0) / NULLIF(mean_size, 0) ^ 2 >= %(erratic)s
                           AS is_erratic,
                       weeks >= %(intermittent)s * sizes AS is_intermittent
              ) AS kinds
        ),
        figures AS (%(figures)s),
        plans AS (
            SELECT line_id, day, SUM(quantity)::double precision AS quantity
              FROM (%(plans)s) AS plans
          GROUP BY line_id, day
        ),
        known AS (
            SELECT own.line_id, own.day, own.weeks::bigint, shelf.service_target,
                   own.weeks >= %(fewest)s AS is_old,
                   former.line_id IS NOT NULL AND own.weeks < %(fewest)s AS is_by_former,
                   CASE WHEN own.weeks >= %(fewest)s OR former.line_id IS NULL THEN own.rate
                        ELSE former.rate * former_factor END AS rate,
                   CASE WHEN own.weeks >= %(fewest)s OR former.line_id IS NULL
                        THEN own.week_variance
                        ELSE former.week_variance * former_factor ^ 2 END AS week_variance,
                   CASE WHEN own.weeks >= %(fewest)s OR former.line_id IS NULL
                        THEN own.forecast_method
                        ELSE former.forecast_method END AS forecast_method,
                   own.sizes, own.demand_class,
                   own.largest >= %(giant)s * own.wanted AS is_giant,
                   COALESCE(leads.lead_days, shelf.delay, 0)::double precision
                       + shelf.interval_days AS period_days,
                   COALESCE(leads.lead_deviation, 0) AS lead_deviation
              FROM figures own
              JOIN %(shelves)s shelf ON shelf.line_id = own.line_id
        CROSS JOIN LATERAL (SELECT %(factor)s AS former_factor) AS factors
         LEFT JOIN %(leads)s leads
                ON leads.product_id = shelf.product_id
               AND leads.commercial_partner_id = shelf.commercial_partner_id
         LEFT JOIN figures former
                ON former.line_id = -own.line_id AND former.day = own.day
               AND former.weeks >= %(fewest)s
             WHERE own.line_id > 0 AND shelf.method = 'forecast'
        ),
        -- The index of the days of the period, and what is planned for them; the last day counts
        -- as far as the period reaches.
        ahead AS (
            SELECT known.line_id, known.day, known.forecast_method,
                   SUM(share * COALESCE(season_rows.index, 1)) / NULLIF(SUM(share), 0) AS season,
                   SUM(share * COALESCE(season_rows.index, 1))
                       FILTER (WHERE plans.line_id IS NULL) AS unplanned_days,
                   SUM(share * plans.quantity) AS planned
              FROM known
        CROSS JOIN LATERAL (
                SELECT known.day + n AS day, LEAST(known.period_days - n, 1) AS share
                  FROM generate_series(0, CEIL(known.period_days)::integer - 1) AS n
              ) AS coming
         LEFT JOIN season_rows
                ON season_rows.line_id = known.line_id
               AND season_rows.month = EXTRACT(MONTH FROM coming.day)
         LEFT JOIN plans ON plans.line_id = known.line_id AND plans.day = coming.day
             WHERE known.line_id IN (SELECT line_id FROM season_rows)
                OR known.line_id IN (SELECT line_id FROM plans)
          GROUP BY known.line_id, known.day, known.forecast_method
        ),
        periods AS (
            SELECT known.*, COALESCE(ahead.season, 1) AS season,
                   ahead.planned IS NOT NULL AS is_planned,
                   rate * COALESCE(ahead.unplanned_days, CASE WHEN ahead.planned IS NULL
                       THEN period_days ELSE 0 END) / 7 + COALESCE(ahead.planned, 0) AS mean
              FROM known
         LEFT JOIN ahead ON ahead.line_id = known.line_id AND ahead.day = known.day
               AND ahead.forecast_method = known.forecast_method
        )
        SELECT ROW_NUMBER() OVER ()::integer AS number,
               line_id, day, weeks, rate * season AS weekly_forecast,
               demand_class, forecast_method,
               CASE WHEN is_by_former THEN 'predecessor'
                    WHEN is_planned THEN 'planned'
                    WHEN NOT is_old AND weeks = 1 THEN 'one_week'
                    WHEN NOT is_old THEN 'few_weeks'
                    WHEN sizes = 0 THEN 'no_demand'
                    WHEN is_giant THEN 'giant' END AS forecast_flag,
               period_days, season, mean,
               week_variance * season ^ 2 * period_days / 7
                   + (rate * season / 7 * lead_deviation) ^ 2 AS variance,
               CASE WHEN is_old OR is_by_former OR is_planned THEN service_target END AS target
          FROM periods
        """,
        asked=asked,
        seasons=seasons or NO_SEASONS,
        weeks=weeks_query(
            shelf_days, SQL("asked"), seasons and SQL("SELECT * FROM season_rows"), has_others
        ),
        sums=method_sums() if has_others else SQL(),
        shelves=shelves,
        leads=leads,
        figures=_figures_query(scope, every_method),
        plans=_plans_query(scope),
        # A predecessor may be kept in another unit than its successor.
        factor=SQL("COALESCE(shelf.predecessor_factor, 1)::double precision"),
        kept=1 - SMOOTHING,
        smoothing=SMOOTHING,
        intermittent=INTERMITTENT,
        erratic=ERRATIC,
        giant=GIANT_SHARE,
        fewest=FEWEST_WEEKS,
    )


def _figures_query(scope, every_method):
    """Return the SELECT of ``classes`` with ``forecast_method`` and ``rate``, demand a week."""
    if every_method:
        chosen = SQL("CROSS JOIN UNNEST(%s::varchar[]) AS champions (method)", list(METHODS))
    elif scope.champions:
        chosen = SQL(
            "LEFT JOIN (%s) AS champions (demand_class, method, since, until) "
            "ON champions.demand_class = classes.demand_class "
            "AND classes.day >= champions.since "
            "AND (champions.until IS NULL OR classes.day < champions.until)",
            scope.champions_values(),
        )
    else:
        return SQL("SELECT *, %s AS forecast_method, usual_rate AS rate FROM classes", USUAL_METHOD)
    return SQL(
        """
        SELECT classes.*, COALESCE(champions.method, %(usual)s) AS forecast_method,
               CASE %(others)s ELSE usual_rate END AS rate
          FROM classes
               %(chosen)s
        """,
        usual=USUAL_METHOD,
        others=SQL(" ").join(
            SQL("WHEN champions.method = %s THEN GREATEST(COALESCE(%s, 0), 0)", method, rate)
            for method, rate in method_rates().items()
        ),
        chosen=chosen,
    )


def _plans_query(scope):
    nothing = SQL(
        "SELECT NULL::integer AS line_id, NULL::date AS day, 0::double precision AS quantity "
        "WHERE FALSE"
    )
    return SQL(" UNION ALL ").join(scope.plans or [nothing])


def to_cover_query(outlooks):
    """Return the SELECT of what a quantity that covers it is looked for: a row each."""
    return SQL(
        "SELECT number, mean, variance, target FROM %s WHERE target >= 0 AND target < 1", outlooks
    )


def forecasts_query(outlooks, covering):
    """Return the SELECT of the forecasts with the quantity that covers each period.

    :param outlooks: the table of :func:`outlooks_query`
    :param covering: lists of the numbers of outlooks and of the quantities
    :return: SQL as :data:`COLUMNS` says
    """
    return SQL(
        """
        SELECT outlooks.line_id, outlooks.day, weeks, weekly_forecast, demand_class,
               forecast_flag, period_days, mean, variance, season,
               found.quantity::numeric AS covering,
               CASE WHEN found.quantity IS NOT NULL THEN forecast_method END AS forecast_method
          FROM %s outlooks
     LEFT JOIN UNNEST(%s::integer[], %s::integer[]) AS found (number, quantity)
            ON found.number = outlooks.number
        """,
        outlooks,
        *covering,
    )


def season_indices_query(scope, shelves, shelf_days):
    """Return the SELECT of each category's index by month, from two whole years of its lines.

    What the weeks of a month sold against what each line's mean would have sold in them. Only
    lines whose weeks reach back all the way count.

    :return: SQL with ``categ_id``, ``month`` and ``index``
    """
    return SQL(
        """
        WITH weeks AS (%(weeks)s),
        every AS (
            SELECT line_id, week, demand FROM weeks WHERE is_counted
             UNION ALL
            SELECT line_id, weeks.week + n, 0
              FROM weeks, generate_series(1, weeks.gap) AS n
             WHERE weeks.idle > 0
        ),
        means AS (
            SELECT line_id, AVG(demand) AS mean
              FROM every
          GROUP BY line_id
            HAVING MAX(week) = %(oldest)s
        )
        SELECT shelf.categ_id, EXTRACT(MONTH FROM %(today)s - 7 * week - 4)::integer AS month,
               GREATEST(SUM(every.demand) / NULLIF(SUM(means.mean), 0), %(least)s) AS index
          FROM every
          JOIN means ON means.line_id = every.line_id
          JOIN %(shelves)s shelf ON shelf.line_id = every.line_id
      GROUP BY shelf.categ_id, 2
        HAVING SUM(means.mean) > 0
        """,
        weeks=weeks_query(
            shelf_days,
            SQL(
                "(SELECT line_id, %s AS day, %s AS weeks FROM %s WHERE line_id > 0)",
                SQL("%s::date", scope.today),
                SEASON_WEEKS,
                shelves,
            ),
            None,
        ),
        shelves=shelves,
        oldest=SEASON_WEEKS - 1,
        least=LEAST_SEASON,
        today=SQL("%s::date", scope.today),
    )
