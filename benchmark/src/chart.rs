//! The curves of growth, drawn side by side with logarithmic axes: a cost that is proportional to the
//! size is a line parallel to the grey one.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::report::Curve;

const WIDTH: u32 = 420;
const HEIGHT: u32 = 360;

/// Draws at least one curve into a file.
pub(crate) fn draw(curves: &[Curve], path: &Path) -> Result<()> {
    let width = WIDTH.saturating_mul(u32::try_from(curves.len())?);
    let area = SVGBackend::new(path, (width, HEIGHT)).into_drawing_area();
    area.fill(&WHITE).map_err(reason)?;
    for (curve, area) in curves.iter().zip(area.split_evenly((1, curves.len()))) {
        draw_curve(curve, &area)?;
    }
    area.present().map_err(reason)
}

fn draw_curve(
    curve: &Curve,
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
) -> Result<()> {
    let points = || {
        curve
            .points
            .iter()
            .map(|(size, took)| (*size, took.median()))
    };
    let (Some(first), Some(last)) = (points().next(), points().next_back()) else {
        return Ok(());
    };
    // The grey line: proportional to the size, through the last point.
    let proportional = [(first.0, last.1 * first.0 / last.0), last];
    let costs = || points().chain(proportional).map(|(_, cost)| cost);
    let least = costs().fold(f64::INFINITY, f64::min) / 1.5;
    let most = costs().fold(0.0, f64::max) * 1.5;
    let mut chart = ChartBuilder::on(area)
        .caption(curve.what, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(60)
        .build_cartesian_2d((first.0..last.0).log_scale(), (least..most).log_scale())
        .map_err(reason)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc(curve.unit)
        .y_desc("µs")
        .draw()
        .map_err(reason)?;
    let grey = RGBColor(160, 160, 160);
    chart
        .draw_series(LineSeries::new(proportional, grey))
        .map_err(reason)?;
    let blue = RGBColor(31, 97, 171);
    chart
        .draw_series(LineSeries::new(points(), blue.stroke_width(2)))
        .map_err(reason)?;
    chart
        .draw_series(points().map(|point| Circle::new(point, 3, blue.filled())))
        .map_err(reason)?;
    Ok(())
}

fn reason(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("{error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Samples;

    #[test]
    fn each_curve_is_in_the_picture_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chart.svg");
        let curve = |what| Curve {
            what,
            unit: "things",
            points: [1.0, 10.0, 100.0]
                .map(|size| (size, Samples::from(size * 3.0)))
                .into(),
        };
        draw(&[curve("one"), curve("another")], &path).unwrap();
        let svg = std::fs::read_to_string(path).unwrap();
        for text in ["one", "another", "things"] {
            assert!(svg.contains(text), "{text}");
        }
        let lines = svg.lines().filter(|line| line.contains("<polyline"));
        let blue = lines.filter(|line| line.contains("#1F61AB"));
        assert_eq!(blue.count(), 2, "{svg}");
    }
}
