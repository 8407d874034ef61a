//! Pictures that are compared softly.
//!
//! Made small and blurred, two pictures of one page differ little where another font or another way of smoothing edges has drawn
//! them, and much where a button, a row or a colour is another.

use std::io::Cursor;

use anyhow::{Context, Result, ensure};

/// A small picture is so many times narrower and lower than the page.
const SHRINKING: usize = 8;

/// Two places that differ by so much in a channel, of 255, are different to an eye.
const SEEN_DIFFERENCE: u8 = 30;

/// How many places of a small picture may be different: edges of letters and of what moves with their widths.
const MAX_DIFFERENT: usize = 40;

/// A picture without transparency, row after row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Reads a PNG file's bytes.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let mut samples = vec![0; reader.output_buffer_size().context("the picture is too large")?];
        let frame = reader.next_frame(&mut samples)?;
        let channels = frame.color_type.samples();
        ensure!(channels >= 3, "the picture has no colours");
        let pixels =
            samples[..frame.buffer_size()].chunks_exact(channels).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
        Ok(Self { width: frame.width as usize, height: frame.height as usize, pixels: pixels.collect() })
    }

    /// The bytes of a PNG file of it.
    pub(crate) fn png(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels.concat())?;
        writer.finish()?;
        Ok(bytes)
    }

    /// The same, small: each pixel is the mean of a square.
    pub(crate) fn small(&self) -> Self {
        let (width, height) = (self.width.div_ceil(SHRINKING), self.height.div_ceil(SHRINKING));
        self.means(width, height, |x, y| {
            (
                x * SHRINKING..((x + 1) * SHRINKING).min(self.width),
                y * SHRINKING..((y + 1) * SHRINKING).min(self.height),
            )
        })
    }

    /// Which places differ to an eye, where both are small pictures of one size.
    fn different(&self, other: &Self) -> Vec<bool> {
        let (one, other) = (self.soft(), other.soft());
        let differ = |(one, other): (&[u8; 3], &[u8; 3])| {
            one.iter().zip(other).any(|(a, b)| a.abs_diff(*b) > SEEN_DIFFERENCE)
        };
        one.pixels.iter().zip(&other.pixels).map(differ).collect()
    }

    /// Compares two small pictures: `None` when they look alike, else how many places differ and a picture that shows where: the other,
    /// this one, and the places in white.
    pub(crate) fn compared_with(&self, other: &Self) -> Option<(usize, Self)> {
        if (self.width, self.height) != (other.width, other.height) {
            return Some((self.pixels.len(), self.clone()));
        }
        let different = self.different(other);
        let count = different.iter().filter(|differs| **differs).count();
        (count > MAX_DIFFERENT).then(|| {
            let marks = different.iter().map(|differs| [if *differs { 255 } else { 0 }; 3]).collect();
            let marks = Self { pixels: marks, ..self.clone() };
            let pixels = [&other.pixels[..], &self.pixels, &marks.pixels].concat();
            (count, Self { height: self.height * 3, pixels, width: self.width })
        })
    }

    /// Blurred by a pixel to each side.
    fn soft(&self) -> Self {
        self.means(self.width, self.height, |x, y| {
            (x.saturating_sub(1)..(x + 2).min(self.width), y.saturating_sub(1)..(y + 2).min(self.height))
        })
    }

    /// A picture each of whose pixels is the mean of a rectangle of this one.
    fn means(
        &self,
        width: usize,
        height: usize,
        area: impl Fn(usize, usize) -> (std::ops::Range<usize>, std::ops::Range<usize>),
    ) -> Self {
        let mean = |x: usize, y: usize| {
            let (columns, rows) = area(x, y);
            let count = (columns.len() * rows.len()) as u32;
            let mut sums = [0_u32; 3];
            for pixel in rows.flat_map(|row| &self.pixels[row * self.width..][columns.clone()]) {
                sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
            }
            sums.map(|sum| (sum / count) as u8)
        };
        let pixels =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect();
        Self { width, height, pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dark page with a bright rectangle on it.
    fn page(left: usize, width: usize) -> Picture {
        let is_bright = |x: usize, y: usize| (left..left + width).contains(&x) && (40..72).contains(&y);
        let pixels = (0..200).flat_map(|y| (0..400).map(move |x| (x, y)));
        let pixels =
            pixels.map(|(x, y)| if is_bright(x, y) { [255, 122, 69] } else { [15, 17, 21] }).collect();
        Picture { width: 400, height: 200, pixels }
    }

    #[test]
    fn a_button_that_moves_by_a_pixel_is_the_same_and_one_that_is_gone_is_not() {
        let kept = page(80, 90).small();
        assert_eq!((kept.width, kept.height), (50, 25));
        assert_eq!(page(80, 90).small().compared_with(&kept), None);
        assert_eq!(page(81, 92).small().compared_with(&kept), None);
        let (count, shown) = page(0, 0).small().compared_with(&kept).unwrap();
        assert!(count > MAX_DIFFERENT && shown.height == 75, "{count}");
    }

    #[test]
    fn a_picture_of_another_size_is_another() {
        let narrow = Picture { width: 200, height: 400, ..page(80, 90) };
        assert!(narrow.small().compared_with(&page(80, 90).small()).is_some());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let picture = page(80, 90);
        assert_eq!(Picture::read(&picture.png().unwrap()).unwrap(), picture);
    }
}
