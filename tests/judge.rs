//! What is said of a network's errors, worked out by hand or by another formula.
#![cfg(not(target_arch = "wasm32"))]

use inkling::data::Dataset;
use inkling::judge::{Bin, Comparison, Judgement, judge, mcnemar, wilson};
use inkling::model::Predictor;
use inkling::nn::{Activation, ModelSpec};
use inkling::protocol::{Command, Event};
use inkling::train::{Data, Processor, Session, Split, TrainConfig};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Six images of three classes: what they show, and the probabilities.
fn six() -> Judgement {
    let rows: [(u8, [f32; 3]); 6] = [
        (0, [0.9, 0.1, 0.0]),
        (0, [0.6, 0.3, 0.1]),
        (0, [0.2, 0.7, 0.1]),
        (0, [0.0, 0.95, 0.05]),
        (1, [0.1, 0.8, 0.1]),
        (2, [0.3, 0.4, 0.3]),
    ];
    let probabilities = rows.iter().flat_map(|row| row.1).collect();
    Judgement::new(probabilities, rows.iter().map(|row| row.0).collect(), 3).unwrap()
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-6, "{got} is not {want}");
}

#[test]
fn counts_are_those_of_the_table() {
    let six = six();
    assert_eq!(six.right(), 3);
    near(six.accuracy(), 0.5);
    assert_eq!(six.matrix(), [2, 2, 0, 0, 1, 0, 0, 1, 0]);
    let scores = six.class_scores();
    assert_eq!((scores[0].precision, scores[0].recall), (Some(1.0), Some(0.5)));
    assert_eq!((scores[1].precision, scores[1].recall), (Some(0.25), Some(1.0)));
    assert_eq!((scores[2].precision, scores[2].recall, scores[2].f1), (None, Some(0.0), None));
    near(scores[0].f1.unwrap(), 2.0 / 3.0);
    near(scores[1].f1.unwrap(), 0.4);
    assert_eq!(scores.iter().map(|score| (score.images, score.read)).collect::<Vec<_>>(), [(4, 2), (1, 4), (1, 0)]);
}

#[test]
fn the_surest_mistake_comes_first() {
    let six = six();
    assert_eq!(six.cell(0, 1), [3, 2]);
    assert_eq!(six.cell(0, 0), [1, 0], "of those read right, the one that was nearly misread");
    assert_eq!(six.cell(2, 0), [0; 0]);
    assert_eq!(six.mistakes(), [3, 2, 5]);
}

#[test]
fn calibration_is_the_gap_between_sure_and_right() {
    let bins = six().calibration(2);
    assert_eq!(bins.iter().map(|bin| bin.images).collect::<Vec<_>>(), [1, 5]);
    near(bins[0].sure, 0.4);
    near(bins[0].right, 0.0);
    near(bins[1].sure, (0.9 + 0.6 + 0.7 + 0.95 + 0.8) / 5.0);
    near(bins[1].right, 0.6);
    near(six().calibration_error(2), (0.4 + 5.0 * (0.79 - 0.6)) / 6.0);
    // A probability of 1 is in the last bin, and an empty bin holds nothing.
    let sure = Judgement::new(vec![1.0, 0.0], vec![0], 2).unwrap();
    assert_eq!(sure.calibration(10)[9], Bin { images: 1, sure: 1.0, right: 1.0 });
    assert_eq!(sure.calibration(10)[3], Bin::default());
    near(sure.calibration_error(10), 0.0);
}

/// The interval holds the shares p whose distance from what was seen is at most z standard deviations at p: found by bisection.
#[test]
fn the_interval_is_where_the_score_test_accepts() {
    let z: f64 = 1.959_963_984_540_054;
    for (right, images) in [(9_931, 10_000), (0, 10), (10, 10), (1, 3), (500, 1000)] {
        let (n, seen) = (f64::from(images), f64::from(right) / f64::from(images));
        let accepts = |p: f64| (seen - p).abs() <= z * (p * (1.0 - p) / n).sqrt();
        let edge = |mut inside: f64, mut outside: f64| {
            for _ in 0..200 {
                let middle = (inside + outside) / 2.0;
                if accepts(middle) { inside = middle } else { outside = middle }
            }
            inside
        };
        let [low, high] = wilson(right, images);
        near(low, edge(seen, 0.0));
        near(high, edge(seen, 1.0));
    }
    // As R's prop.test(9931, 10000, correct = FALSE).
    assert_eq!(wilson(9_931, 10_000).map(|p| format!("{p:.4}")), ["0.9913", "0.9945"]);
    assert_eq!(wilson(0, 0), [0.0, 1.0]);
}

#[test]
fn mcnemar_counts_coins() {
    assert_eq!(mcnemar(0, 0), 1.0);
    near(mcnemar(1, 0), 1.0);
    near(mcnemar(5, 0), 2.0 / 32.0);
    near(mcnemar(0, 5), 2.0 / 32.0);
    // 2 (1 + 10 + 45) / 1024.
    near(mcnemar(8, 2), 0.109_375);
    assert_eq!(mcnemar(4, 4), 1.0);
    let (tiny, many) = (mcnemar(8_900, 20), mcnemar(5_000, 5_000));
    assert!((0.0..1e-300).contains(&tiny), "{tiny}");
    assert_eq!(many, 1.0);
    // As R's binom.test(60, 100).
    assert!((mcnemar(60, 40) - 0.056_888).abs() < 1e-5, "{}", mcnemar(60, 40));
}

#[test]
fn two_networks_are_compared_image_by_image() {
    let a = six();
    let rows = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let b = Judgement::new(rows.concat(), vec![0, 0, 0, 0, 1, 2], 3).unwrap();
    let comparison = Comparison::new(&a, &b).unwrap();
    assert_eq!(comparison.lists(), [&[0, 4][..], &[1], &[2, 5], &[3]]);
    near(comparison.p(), 1.0);
    let other = Judgement::new(rows.concat(), vec![1, 0, 0, 0, 1, 2], 3).unwrap();
    assert!(Comparison::new(&a, &other).is_err());
}

#[test]
fn bytes_lead_back_and_what_does_not_fit_is_refused() {
    let six = six();
    assert_eq!(Judgement::from_bytes(&six.to_bytes(), 6, 3).unwrap(), six);
    let bytes = six.to_bytes();
    assert!(Judgement::from_bytes(&bytes[..bytes.len() - 1], 6, 3).is_err());
    assert!(Judgement::from_bytes(&bytes, 5, 3).is_err());
    assert!(Judgement::new(vec![0.5, 0.5], vec![2], 2).is_err());
}

#[test]
fn a_network_is_judged_as_it_answers() {
    let spec = ModelSpec::mlp(&[6, 5, 3], Activation::Tanh).unwrap();
    let parameters = spec.initialize(7);
    let mut random = fastrand::Rng::with_seed(3);
    let images = 257;
    let pixels: Vec<u8> = (0..6 * images).map(|_| random.u8(..)).collect();
    let labels = (0..images).map(|_| random.u8(0..3)).collect();
    let set = Dataset::new(pixels, labels, 6, 3).unwrap();
    let judgement = judge(&spec, &parameters, &set).unwrap();
    let mut predictor = Predictor::new(spec, &parameters).unwrap();
    for i in 0..images {
        let input: Vec<f32> = set.image(i).iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
        let want = predictor.predict(&input).unwrap();
        for (got, want) in judgement.probabilities(i).iter().zip(want) {
            assert!((got - want).abs() <= 1e-6 * (1.0 + want.abs()), "image {i}: {got} is not {want}");
        }
        assert_eq!(judgement.label(i), usize::from(set.labels()[i]));
    }
    let wide = ModelSpec::mlp(&[7, 3], Activation::Tanh).unwrap();
    assert!(judge(&wide, &wide.initialize(1), &set).is_err());
}

#[test]
fn a_session_judges_between_two_slices_of_training_and_hands_images_out() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut set = |images: usize| {
        let pixels: Vec<u8> = (0..4 * images).map(|_| random.u8(..)).collect();
        Arc::new(Dataset::new(pixels, (0..images).map(|i| (i % 2) as u8).collect(), 4, 2).unwrap())
    };
    let data = Data { training: set(120), test: set(30) };
    let heard = Rc::new(RefCell::new(Vec::new()));
    let outbox = Rc::clone(&heard);
    let post = move |event: Event, payload: Option<Vec<u8>>| outbox.borrow_mut().push((event, payload.unwrap_or_default()));
    let mut session = Session::new(Box::new(post), || 0.0, Processor::default());
    let send = async |session: &mut Session<Processor>, command: Command, payload: Vec<u8>| {
        heard.borrow_mut().clear();
        session.obey(command, Some(payload)).await;
        heard.borrow_mut().split_off(0)
    };
    let spec = ModelSpec::mlp(&[4, 3, 2], Activation::Relu).unwrap();
    let weights = spec.initialize(2);
    let payload: Vec<u8> = bytemuck::cast_slice(&weights).to_vec();
    pollster::block_on(async {
        let judge_it = Command::Judge { number: 3, spec: spec.clone() };
        let early = send(&mut session, judge_it.clone(), payload.clone()).await;
        assert!(matches!(early[0].0, Event::Failed { run: 0, .. }), "there are no images: {early:?}");
        session.set_data(data.clone());
        let config = TrainConfig { batch_size: 8, epochs: 50, ..TrainConfig::PLAIN };
        session.obey(Command::Create { run: 3, spec: spec.clone(), config }, None).await;
        session.obey(Command::Train { run: 3 }, None).await;
        session.advance().await;
        let said = send(&mut session, judge_it, payload).await;
        let [(Event::Judged { number: 3, images: 30, classes: 2 }, bytes)] = &said[..] else { panic!("{said:?}") };
        let got = Judgement::from_bytes(bytes, 30, 2).unwrap();
        assert_eq!(got, judge(&spec, &weights, &data.test).unwrap());
        assert!(session.is_training());
        let said = send(&mut session, Command::Images { split: Split::Test, numbers: vec![29, 0] }, vec![]).await;
        let [(Event::Images { numbers, inputs: 4, .. }, pixels)] = &said[..] else { panic!("{said:?}") };
        assert_eq!(numbers, &[29, 0]);
        assert_eq!(pixels, &[data.test.image(29), data.test.image(0)].concat());
        let said = send(&mut session, Command::Images { split: Split::Test, numbers: vec![30] }, vec![]).await;
        assert!(matches!(said[0].0, Event::Failed { run: 0, .. }), "{said:?}");
        assert!(session.is_training(), "the run goes on");
    });
}
