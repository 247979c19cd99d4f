"""Which competitor an answer is about, as SQL: what customers wrote, and whom it means."""

from odoo.tools import SQL


def key(text):
    """Return what is the same for all ways to write a name: width, case and spaces do not matter.

    :param text: SQL of the name
    """
    return SQL(
        r"lower(btrim(regexp_replace(normalize(%s, NFKC), '\s+', ' ', 'g')))",
        text,
    )


# The keys of each competitor's name and other spellings, one row each.
SPELLINGS = SQL(
    """
    SELECT competitor.id AS competitor_id, %s AS key
      FROM customer_competitor AS competitor
CROSS JOIN LATERAL UNNEST(
               ARRAY[competitor.name] || string_to_array(competitor.spellings, E'\\n')
           ) AS spelling
     WHERE btrim(spelling, E' \\t\\r') != ''
    """,
    key(SQL("spelling")),
)

# The competitor that an answer names, as written: one row per answer that names one.
NAMED = SQL(
    """
    SELECT DISTINCT ON (written.user_input_id)
           written.user_input_id,
           written.name,
           %(key)s AS key
      FROM (
            SELECT line.user_input_id,
                   line.id,
                   line.answer_type,
                   btrim(COALESCE(line.value_char_box, choice.value->>'en_US')) AS name
              FROM survey_user_input_line AS line
              JOIN survey_question AS question
                ON question.id = line.question_id
               AND question.satisfaction_role = 'competitor'
               AND line.skipped IS NOT TRUE
               AND (line.answer_type = 'suggestion'
                    OR question.question_type = 'char_box'
                    OR question.comment_count_as_answer)
         LEFT JOIN survey_question_answer AS choice
                ON choice.id = line.suggested_answer_id
           ) AS written
     WHERE written.name != ''
  ORDER BY written.user_input_id, written.answer_type = 'suggestion' DESC, written.id
    """,
    key=key(SQL("written.name")),
)

# The same with the competitor that is meant, if any is known by that name. A spelling of two, which
# two users may have entered at the same time, means the older one.
COMPETITORS_NAMED = SQL(
    """
    SELECT named.user_input_id, named.name, named.key, MIN(known.competitor_id) AS competitor_id
      FROM (%s) AS named
 LEFT JOIN (%s) AS known USING (key)
  GROUP BY named.user_input_id, named.name, named.key
    """,
    NAMED,
    SPELLINGS,
)


def distinct_names(names):
    """Return the SELECT of one of the ways to write each name, the first given.

    :param names: list of texts
    :return: SQL with the column ``name``
    """
    return SQL(
        """
        SELECT name
          FROM (
                SELECT DISTINCT ON (%(key)s) name, place
                  FROM UNNEST(%(names)s::text[]) WITH ORDINALITY AS written (name, place)
              ORDER BY %(key)s, place
               ) AS first_written
      ORDER BY place
        """,
        key=key(SQL("name")),
        names=names,
    )
