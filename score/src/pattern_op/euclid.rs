//! Euclidean rhythms: hits spread as evenly as whole steps allow.

/// `hits` spread over `steps` by Bjorklund's algorithm, starting on a hit (where there is one). More hits than steps fill
/// every step.
///
/// E. Bjorklund, "The Theory of Rep-Rate Pattern Generation in the SNS Timing System" (2003); G. Toussaint, "The Euclidean
/// Algorithm Generates Traditional Musical Rhythms" (2005), whose table the tests hold this to. Like Euclid's algorithm it
/// deals the remaining groups onto the leading ones, once at least, until at most one group remains.
pub fn euclid(hits: u16, steps: u16) -> Vec<bool> {
    if hits == 0 || hits >= steps {
        return vec![hits > 0; steps.into()];
    }
    let (mut leading, mut remaining) = (vec![true], vec![false]);
    let (mut leading_count, mut remaining_count) = (hits, steps - hits);
    loop {
        let joined = [leading.as_slice(), &remaining].concat();
        if leading_count > remaining_count {
            (leading_count, remaining_count) = (remaining_count, leading_count - remaining_count);
            remaining = leading;
        } else {
            remaining_count -= leading_count;
        }
        leading = joined;
        if remaining_count <= 1 {
            break;
        }
    }
    let groups = [leading.repeat(leading_count.into()), remaining.repeat(remaining_count.into())];
    groups.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(hits: u16, steps: u16) -> String {
        euclid(hits, steps).iter().map(|&hit| if hit { 'x' } else { '.' }).collect()
    }

    #[test]
    fn rhythms_are_those_of_the_published_table() {
        let table = [
            (2, 3, "x.x"),
            (2, 5, "x.x.."),
            (3, 4, "x.xx"),
            (3, 5, "x.x.x"),
            (3, 7, "x.x.x.."),
            (3, 8, "x..x..x."),
            (4, 7, "x.x.x.x"),
            (4, 9, "x.x.x.x.."),
            (4, 11, "x..x..x..x."),
            (5, 6, "x.xxxx"),
            (5, 7, "x.xx.xx"),
            (5, 8, "x.xx.xx."),
            (5, 9, "x.x.x.x.x"),
            (5, 11, "x.x.x.x.x.."),
            (5, 12, "x..x.x..x.x."),
            (5, 16, "x..x..x..x..x..."),
            (7, 8, "x.xxxxxx"),
            (7, 12, "x.xx.x.xx.x."),
            (7, 16, "x..x.x.x..x.x.x."),
            (9, 16, "x.xx.x.x.xx.x.x."),
            (11, 24, "x..x.x.x.x.x..x.x.x.x.x."),
            (13, 24, "x.xx.x.x.x.x.xx.x.x.x.x."),
        ];
        for (hits, steps, rhythm) in table {
            assert_eq!(text(hits, steps), rhythm, "E({hits},{steps})");
        }
    }

    #[test]
    fn every_rhythm_has_its_hits_and_its_gaps_differ_by_at_most_one() {
        for steps in 1..=128_u16 {
            for hits in 0..=steps {
                let rhythm = euclid(hits, steps);
                let places: Vec<usize> = (0..rhythm.len()).filter(|&at| rhythm[at]).collect();
                assert_eq!((rhythm.len(), places.len()), (steps.into(), hits.into()));
                let gaps: Vec<usize> = (0..places.len())
                    .map(|n| {
                        let next = places.get(n + 1).copied().unwrap_or(places[0] + rhythm.len());
                        next - places[n]
                    })
                    .collect();
                let spread = gaps.iter().max().unwrap_or(&0) - gaps.iter().min().unwrap_or(&0);
                assert!(spread <= 1, "E({hits},{steps}) has gaps {gaps:?}");
            }
        }
        assert_eq!(euclid(9, 4), [true; 4]);
    }
}
