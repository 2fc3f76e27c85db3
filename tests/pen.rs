//! Pen-drawn digits: the forms read, hands differ, and what they write is like MNIST.
#![cfg(not(target_arch = "wasm32"))]

use inkling::ink::{self, Image, PIXELS, SIDE};
use inkling::pen::{self, Form, Hand};

fn write(form: &Form, seed: u64) -> Image {
    ink::image(&Hand::default().write(form, &mut fastrand::Rng::with_seed(seed))).expect("it has ink")
}

#[test]
fn every_digit_has_many_forms() {
    let forms = pen::digits().unwrap();
    for digit in 0..10 {
        let names: Vec<&str> = forms.iter().filter(|form| form.label == Some(digit)).map(|form| form.name.as_str()).collect();
        assert!(names.len() >= 8, "{digit}: {names:?}");
        let different: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "a name twice: {names:?}");
    }
    assert!(forms.iter().all(|form| form.label.is_some()));
    assert!(pen::others().unwrap().iter().all(|form| form.label.is_none()));
}

#[test]
fn forms_are_text() {
    let forms = pen::parse("# a note\n\nform 7 barred * 3\n12,10! 88,8! 40,138!\n30,70 84,66\nform - blot\n1,1\n").unwrap();
    assert_eq!((forms[0].label, forms[0].name.as_str(), forms[0].weight, forms[0].strokes.len()), (Some(7), "barred", 3, 2));
    assert_eq!((forms[0].strokes[0][1].at, forms[0].strokes[0][1].corner), ([88.0, 8.0], true));
    assert!(!forms[0].strokes[1][0].corner);
    assert_eq!((forms[1].label, forms[1].weight), (None, 1));
}

#[test]
fn a_bad_line_is_named() {
    for (text, cause) in [
        ("1,2 3,4", "line 1"),
        ("form 7\n", "line 1"),
        ("form 12 dozen\n1,1", "line 1"),
        ("form 7 plain * 0\n1,1", "line 1"),
        ("form 7 plain\n1,1 2", "line 2"),
        ("form 7 plain\n1,1 2,x", "line 2"),
        ("form 7 plain\n1,1 2,NaN", "line 2"),
        ("form 7 plain\nform 7 bar\n1,1", "`plain`"),
    ] {
        let error = pen::parse(text).unwrap_err().to_string();
        assert!(error.contains(cause), "{text:?}: {error}");
    }
}

#[test]
fn a_curve_passes_through_its_points_and_corners_are_sharp() {
    let still =
        Hand { knots: 0.0, strokes: 0.0, ends: 0.0, rotation: 0.0, shear: 0.0, stretch: 0.0, halves: 0.0, bend: 0.0, round: 0.0 };
    let form = &pen::parse("form 7 seven\n10,10! 90,10! 40,130!\n0,70 50,60 100,70").unwrap()[0];
    let strokes = still.write(form, &mut fastrand::Rng::with_seed(1));
    for (knots, stroke) in form.strokes.iter().zip(&strokes) {
        for knot in knots {
            let [x, y] = [knot.at[0] - 50.0, knot.at[1] - 70.0];
            let nearest = stroke.points.iter().map(|p| (p[0] - x).hypot(p[1] - y)).fold(f32::INFINITY, f32::min);
            assert!(nearest < 1e-3, "{:?} is {nearest} away", knot.at);
        }
    }
    // Between corners the way is straight; through a smooth point it is not.
    assert!(strokes[0].points.iter().filter(|p| p[0] < 39.9 && p[1] < -59.9).all(|p| (p[1] + 60.0).abs() < 1e-3));
    assert!(strokes[1].points.iter().any(|p| p[0] < -5.0 && (p[1] - (-10.0 - p[0] / 5.0)).abs() > 0.5));
}

#[test]
fn a_seed_is_a_drawing() {
    let form = &pen::digits().unwrap()[0];
    assert_eq!(write(form, 1), write(form, 1));
    assert_ne!(write(form, 1), write(form, 2));
    let scribble = |seed| pen::scribble(&mut fastrand::Rng::with_seed(seed));
    assert_eq!(scribble(1), scribble(1));
    for seed in 0..500 {
        let strokes = scribble(seed);
        assert!(strokes.iter().flat_map(|stroke| &stroke.points).flatten().all(|v| v.is_finite()));
        assert!(ink::image(&strokes).is_some(), "scribble {seed} has no ink");
    }
}

#[test]
fn the_pen_can_be_thin_and_thick() {
    let form = &pen::digits().unwrap()[0];
    let strokes = Hand::default().write(form, &mut fastrand::Rng::with_seed(1));
    let ink = |pen: f64| {
        let image = ink::image_by_pen(&strokes, pen).expect("it has ink");
        image.iter().map(|ink| f64::from(*ink)).sum::<f64>() / 255.0
    };
    assert_eq!(ink::image(&strokes), ink::image_by_pen(&strokes, ink::PEN));
    // A line's ink is its length times its width; wide pens overlap themselves and shorten the line by their own width.
    assert!((ink(2.0) / ink(1.0) - 2.0).abs() < 0.25, "{} and {}", ink(1.0), ink(2.0));
    assert!(ink(4.0) > 1.3 * ink(2.0));
}

/// What it is all for: the network that ships knows every form of every digit.
#[test]
fn the_shipped_network_reads_every_form() {
    let path = format!("{}/www/models/shipped.inkling", env!("CARGO_MANIFEST_DIR"));
    let file = inkling::format::model_file::decode(&std::fs::read(path).expect("it ships")).expect("it is a model file");
    let mut predictor = inkling::model::Predictor::new(file.spec, &file.parameters).expect("it fits");
    for form in pen::digits().unwrap() {
        let right = (0..20).filter(|&seed| {
            let p = predictor.predict(&ink::to_input(&write(&form, seed))).expect("it fits");
            (0..10).max_by(|&a, &b| p[a as usize].total_cmp(&p[b as usize])) == form.label
        });
        let right = right.count();
        assert!(right >= 15, "{:?} {}: {right} of 20 hands", form.label, form.name);
    }
}

/// Mean ink, and ink for each pixel that has any: the one grows with the strokes' width, the other tells how sharp they are.
fn measures(image: &[u8]) -> [f64; 2] {
    let sum = image.iter().map(|ink| f64::from(*ink)).sum::<f64>();
    [sum / PIXELS as f64, sum / image.iter().filter(|ink| **ink > 0).count() as f64]
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// MNIST's 10,000 test images, with their labels.
fn mnist() -> Vec<(u8, Vec<u8>)> {
    let read = |name: &str| {
        let path = format!("{}/www/data/{name}.gz", env!("CARGO_MANIFEST_DIR"));
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).expect("the data set is there");
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut bytes).expect("it unpacks");
        bytes
    };
    let set = inkling::data::idx::dataset(read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte"), 10).expect("it reads");
    (0..set.len()).map(|i| (set.labels()[i], set.image(i).to_vec())).collect()
}

/// Compares drawings' rasters, with their labels, to MNIST's test images: centre, extent, ink, sharpness, digit by digit.
fn assert_distributed_like_mnist(drawn: &[(u8, Image)]) {
    let mnist = mnist();
    let (mut sums, count) = ([0.0; 2], drawn.len() as f64);
    for (_, image) in drawn {
        let ink = |at: &dyn Fn(usize) -> usize| {
            let weighed = image.iter().enumerate().map(|(i, ink)| f64::from(*ink) * at(i) as f64).sum::<f64>();
            weighed / image.iter().map(|ink| f64::from(*ink)).sum::<f64>()
        };
        for (sum, centre) in sums.iter_mut().zip([ink(&|i| i % SIDE), ink(&|i| i / SIDE)]) {
            assert!((13.49..=14.51).contains(&centre), "centre of mass {centre}");
            *sum += centre;
        }
    }
    for sum in sums {
        assert!((sum / count - 14.0).abs() < 0.05, "mean centre of mass {}", sum / count);
    }
    let mut apart = Vec::new();
    for digit in 0..10 {
        let of = |images: &mut dyn Iterator<Item = [f64; 2]>| {
            let all: Vec<[f64; 2]> = images.collect();
            [0, 1].map(|i| median(all.iter().map(|measures| measures[i]).collect()))
        };
        let want = of(&mut mnist.iter().filter(|(label, _)| *label == digit).map(|(_, image)| measures(image)));
        let got = of(&mut drawn.iter().filter(|(label, _)| *label == digit).map(|(_, image)| measures(image)));
        apart.push([0, 1].map(|i| got[i] / want[i] - 1.0));
    }
    for (name, i) in [("mean ink", 0), ("ink of an inked pixel", 1)] {
        let mean = apart.iter().map(|a| a[i]).sum::<f64>() / 10.0;
        assert!(mean.abs() < 0.06, "{name}: {mean:+.3} from MNIST's median, digit by digit {apart:.2?}");
    }
}

#[test]
fn generated_digits_are_distributed_like_mnist() {
    let forms = pen::digits().unwrap();
    let drawn: Vec<_> = (0..5_000).map(|i| (&forms[i % forms.len()], i as u64)).collect();
    let drawn: Vec<_> = drawn.into_iter().map(|(form, seed)| (form.label.unwrap(), write(form, seed))).collect();
    assert_distributed_like_mnist(&drawn);
}

/// The same for drawings of real people, which do not belong to the project: a file with an object
/// `{"label": ..., "strokes": ...}` a line.
#[test]
#[ignore = "needs drawings: INKLING_DRAWINGS=FILE cargo test --test pen -- --ignored"]
fn people_s_digits_are_distributed_like_mnist() {
    let path = std::env::var("INKLING_DRAWINGS").expect("INKLING_DRAWINGS names a file of drawings");
    let text = std::fs::read_to_string(path).expect("it can be read");
    let drawn: Vec<_> = text
        .lines()
        .map(|line| {
            let label = serde_json::from_str::<serde_json::Value>(line).expect("it is JSON")["label"].as_u64();
            let strokes = ink::jsonl::parse_line(line).expect("it is a drawing").strokes;
            (label.expect("it has a label") as u8, ink::image(&strokes).expect("it has ink"))
        })
        .collect();
    assert!(drawn.len() >= 1_000, "{} drawings are too few to compare", drawn.len());
    assert_distributed_like_mnist(&drawn);
}
