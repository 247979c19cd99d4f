from .allocation import Allotment, Claim, allocate, fair_shares
from .pool import NONE, Pool, days_to_cover
from .reserve import Outlook, Reserve, foresee, share_of_demand
from .targets import LEAST_SHARE, highest_target, weighted_target
