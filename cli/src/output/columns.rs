//! Rows of cells, aligned.

use std::fmt;

use super::text::shown;

/// No column is padded further: a few very long cells would tear all rows apart.
const MAX_WIDTH: usize = 56;

/// A table for people: cells are padded to the widest of their column, within limits, two spaces between.
#[derive(Default)]
pub(crate) struct Columns {
    rows: Vec<Vec<String>>,
    /// Numbers, which end where their column ends.
    right: &'static [usize],
}

impl Columns {
    /// No rows yet; the columns at the indices `right` hold numbers.
    pub(crate) fn new(right: &'static [usize]) -> Self {
        Self { rows: Vec::new(), right }
    }

    /// Adds a row. Control characters, which a terminal would obey and which break rows, are escaped.
    pub(crate) fn row<const N: usize>(&mut self, cells: [impl Into<String>; N]) {
        let cells = cells.map(|cell| shown(cell.into().as_bytes()).into_owned());
        self.rows.push(cells.into());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn widths(&self) -> Vec<usize> {
        let n = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |idx: usize| self.rows.iter().filter_map(|row| row.get(idx)).map(|cell| cell.chars().count()).max();
        (0..n).map(|idx| width(idx).unwrap_or(0).min(MAX_WIDTH)).collect()
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let mut line = String::new();
            for (idx, (cell, width)) in row.iter().zip(&widths).enumerate().filter(|(_, (_, width))| **width > 0) {
                let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
                let (before, behind) = if self.right.contains(&idx) { (&*pad, "") } else { ("", &*pad) };
                line.extend([before, cell, behind, "  "]);
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_padded_and_empty_columns_left_out() {
        let mut columns = Columns::new(&[1]);
        columns.row(["zoom", "3", "", "core"]);
        columns.row(["é", "12", "", ""]);
        assert_eq!(columns.to_string(), "zoom   3  core\né     12\n");
        assert_eq!(Columns::new(&[]).to_string(), "");
    }

    #[test]
    fn a_cell_is_text_in_its_row() {
        let mut columns = Columns::default();
        columns.row(["a\n\u{1b}[31mb", "c"]);
        assert_eq!(columns.to_string(), "a%0A%1B[31mb  c\n");
    }

    #[test]
    fn long_cells_are_not_cut_and_pad_no_other() {
        let (mut columns, long) = (Columns::default(), "x".repeat(MAX_WIDTH + 1));
        columns.row([&long, "1"]);
        columns.row(["", "2"]);
        assert_eq!(columns.to_string(), format!("{long}  1\n{}  2\n", " ".repeat(MAX_WIDTH)));
    }
}
