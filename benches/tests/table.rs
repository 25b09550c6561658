//! What the table says of a figure.

use bakehouse_benches::{Amount, Budget, Figure, write_figure};

fn check(budget: Budget, ours: Amount, theirs: Option<Amount>, expect: &str) {
    let figure = Figure { name: "x".to_owned(), budget, ours, peer: theirs.map(|theirs| ("peer", theirs)) };
    let mut row = Vec::new();
    write_figure(&mut row, &figure).unwrap();
    let row = String::from_utf8(row).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>().join(" "), expect);
}

#[test]
fn limits() {
    check(Budget::AtMost(Amount::Time(0.015)), Amount::Time(0.0075), None, "x <= 15.0 ms 7.50 ms met");
    check(Budget::AtMost(Amount::Count(3)), Amount::Count(6), None, "x <= 3 6 missed 2.00x");
    check(Budget::None, Amount::Bytes(4_200), None, "x - 4.20 KB");
}

#[test]
fn peers() {
    let ns = |number: f64| Amount::Time(number * 1e-9);
    check(Budget::Faster(3.0), ns(20.0), Some(ns(60.0)), "x 3x faster 20.0 ns 60.0 ns peer 3.00 met");
    check(Budget::Faster(3.0), ns(40.0), Some(ns(60.0)), "x 3x faster 40.0 ns 60.0 ns peer 1.50 missed 2.00x");
    check(Budget::Within(1.25), ns(25.0), Some(ns(20.0)), "x 1.25x of peer 25.0 ns 20.0 ns peer 0.80 met");
    check(Budget::Within(1.0), ns(30.0), Some(ns(20.0)), "x 1x of peer 30.0 ns 20.0 ns peer 0.67 missed 1.50x");
}

#[test]
fn differences() {
    let plus = Budget::Plus(Amount::Time(0.25));
    check(plus, Amount::Time(0.5), Some(Amount::Time(0.25)), "x peer + 250 ms 500 ms 250 ms peer 0.50 met");
    check(plus, Amount::Time(0.75), Some(Amount::Time(0.25)), "x peer + 250 ms 750 ms 250 ms peer 0.33 missed 2.00x");
    check(plus, Amount::Time(0.25), Some(Amount::Time(0.5)), "x peer + 250 ms 250 ms 500 ms peer 2.00 met");
    let same = Budget::Plus(Amount::Count(0));
    check(same, Amount::Count(10), Some(Amount::Count(10)), "x the same 10 10 peer 1.00 met");
    check(same, Amount::Count(20), Some(Amount::Count(10)), "x the same 20 10 peer 0.50 missed 2.00x");
}
