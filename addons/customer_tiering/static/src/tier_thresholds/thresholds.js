/** Thresholds of tiers above a histogram of scores: pure functions, in points from 0 to 100. */

// Between the thresholds of two tiers, and so the least customers can be told apart by.
export const GAP = 0.5;

/**
 * Return tiers with their customers, best first.
 *
 * A step holds scores from its lower edge on, so a threshold on an edge counts exactly.
 *
 * @param {{steps: number, counts: [number, number][], unscored: number}} histogram
 * @param {{id, from: number}[]} tiers best first; the last one takes whoever reaches no threshold
 * @returns {Map} customers by the tier's id
 */
export function countByTier(histogram, tiers) {
    const counted = new Map(tiers.map((tier) => [tier.id, 0]));
    const lowest = tiers.at(-1);
    if (!lowest) {
        return counted;
    }
    const add = (id, count) => counted.set(id, counted.get(id) + count);
    for (const [step, count] of histogram.counts) {
        const score = (100 * (step - 1)) / histogram.steps;
        const reached = tiers.find((tier) => score >= tier.from - 1e-6) || lowest;
        add(reached.id, count);
    }
    add(lowest.id, histogram.unscored);
    return counted;
}

/** Return a score within what the neighbours of a tier leave it, on a multiple of the gap. */
export function limitThreshold(tiers, index, score) {
    const { min, max } = limitsOf(tiers, index);
    const rounded = Math.round(score / GAP) * GAP;
    return Math.round(100 * Math.min(Math.max(rounded, min), max)) / 100;
}

/** Return between which scores the threshold of a tier can be moved. */
export function limitsOf(tiers, index) {
    return {
        min: index + 1 < tiers.length ? tiers[index + 1].from + GAP : 0,
        max: index ? tiers[index - 1].from - GAP : 100,
    };
}

/** Return the heights of a number of bars of equal width: the customers in each. */
export function heightsOf(histogram, bars) {
    const heights = new Array(bars).fill(0);
    for (const [step, count] of histogram.counts) {
        const bar = Math.floor(((step - 1) * bars) / histogram.steps);
        heights[Math.min(bar, bars - 1)] += count;
    }
    return heights;
}
