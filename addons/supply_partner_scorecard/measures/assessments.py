"""What people found at a vendor, by described steps."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)


@register
class Assessments(Source):
    """The assessments that held on the last day of the period.

    Of each criterion the newest step counts; mean and points follow from those.
    """

    code = "assessments"

    def query(self, scope):
        return SQL(
            """
            SELECT partner_id,
                   25 * (AVG(value) FILTER (WHERE kind = 'vendor') - 1) AS points,
                   COUNT(DISTINCT assessment_id) FILTER (WHERE kind = 'vendor') AS assessments,
                   25 * (AVG(value) FILTER (WHERE kind = 'us') - 1) AS our_points,
                   COUNT(DISTINCT assessment_id) FILTER (WHERE kind = 'us') AS our_assessments
              FROM (
                SELECT DISTINCT ON (assessment.partner_id, assessment.kind, answer.criterion_id)
                       assessment.partner_id, assessment.kind, assessment.id AS assessment_id,
                       step.value::double precision AS value
                  FROM vendor_assessment assessment
                  JOIN vendor_assessment_line answer ON answer.assessment_id = assessment.id
                  JOIN vendor_assessment_step step ON step.id = answer.step_id
                 WHERE assessment.company_id = %(company)s AND assessment.state = 'done'
                   AND assessment.date < %(end)s
                   AND (assessment.date_end IS NULL OR assessment.date_end >= %(end)s)
                   AND %(vendors)s
              ORDER BY assessment.partner_id, assessment.kind, answer.criterion_id,
                       assessment.date DESC, assessment.id DESC
              ) AS answers
          GROUP BY partner_id
            """,
            company=scope.company_id,
            # Today's counts today.
            end=scope.end_inclusive,
            vendors=scope.of_vendors(SQL("assessment.partner_id")),
        )


@register
class Assessment(Measure):
    code = "assessment"
    name = _lt("Assessment")
    help = _lt("25 × (mean step − 1) of the assessments in force: step 1 is 0, step 5 is 100.")
    unit = "points"
    topic = "assessment"
    source = "assessments"
    expression = "points"
    base = "assessments"


@register
class OurAssessment(Measure):
    code = "our_assessment"
    name = _lt("What the Vendor Says of Us")
    help = _lt("The vendor's own answers about us, by the same steps.")
    unit = "points"
    topic = "ours"
    source = "assessments"
    expression = "our_points"
    base = "our_assessments"
