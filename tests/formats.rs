//! Files, good and bad: IDX and the model file. Every bad file gets the error that names its cause.
#![cfg(not(target_arch = "wasm32"))]

use inkling::Error;
use inkling::data::idx;
use inkling::data::{Classes, Subject};
use inkling::format::model_file::{self, About, ModelFile};
use inkling::nn::{Activation, DenseSpec, Initializer, LayerSpec, ModelSpec};
use inkling::wire;
use proptest::prelude::*;

fn images(rows: u32, columns: u32, pixels: &[u8]) -> Vec<u8> {
    let n = pixels.len() as u32 / (rows * columns);
    [&[0, 0, 8, 3][..], &n.to_be_bytes(), &rows.to_be_bytes(), &columns.to_be_bytes(), pixels].concat()
}

fn labels(labels: &[u8]) -> Vec<u8> {
    [&[0, 0, 8, 1][..], &(labels.len() as u32).to_be_bytes(), labels].concat()
}

#[test]
fn idx_reads_images_and_labels() {
    let set = idx::dataset(images(2, 2, &[1, 2, 3, 4, 5, 6, 7, 8]), labels(&[3, 9]), 10).unwrap();
    assert_eq!((set.len(), set.inputs(), &*set.image(1), set.labels()), (2, 4, &[5, 6, 7, 8][..], &[3, 9][..]));
}

#[test]
fn idx_names_what_is_wrong() {
    let good = images(2, 2, &[0; 8]);
    let (ok, two) = (labels(&[0, 1]), |bytes: Vec<u8>| idx::dataset(bytes, labels(&[0, 1]), 10).unwrap_err());
    assert!(matches!(two(good[..10].to_vec()), Error::Truncated { expected: 16, got: 10, .. }));
    assert!(matches!(two(good[..20].to_vec()), Error::Truncated { expected: 8, got: 4, .. }));
    assert!(matches!(two([&good[..], &[0]].concat()), Error::TrailingBytes { expected: 8, got: 9, .. }));
    assert!(matches!(two(ok.clone()), Error::Truncated { .. }));
    assert!(matches!(two([&[0, 0, 9, 3][..], &good[4..]].concat()), Error::NotA { .. }));
    let huge = [&[0, 0, 8, 3][..], &[0xff; 12], &[0; 8]].concat();
    assert!(matches!(two(huge), Error::TooLarge { got: 0xffff_ffff, .. }));
    let many = [&[0, 0, 8, 3][..], &[0xff; 4], &[0, 0, 0x20, 0], &[0, 0, 0x20, 0], &[0; 8]].concat();
    assert!(matches!(two(many), Error::Truncated { expected: 0x3ff_ffff_fc00_0000, got: 8, .. }));
    assert!(matches!(idx::dataset(good.clone(), labels(&[0]), 10), Err(Error::Shape { expected: 2, got: 1, .. })));
    assert!(matches!(idx::dataset(good, labels(&[0, 10]), 10), Err(Error::Setting { .. })));
}

fn model() -> ModelFile {
    let spec = ModelSpec::mlp(&[5, 4, 3], Activation::Tanh).unwrap();
    let parameters = spec.initialize(3);
    ModelFile { spec, parameters, about: About { made_by: "a test".into(), test_accuracy: Some(0.5) }, subject: Subject::DIGITS }
}

#[test]
fn model_file_comes_back_as_it_was() {
    let bytes = model_file::encode(&model()).unwrap();
    assert_eq!(model_file::decode(&bytes).unwrap(), model());
    let bytes = model_file::encode(&stack()).unwrap();
    assert_eq!(model_file::decode(&bytes).unwrap(), stack());
}

/// A network with every kind of layer.
fn stack() -> ModelFile {
    let penalized = DenseSpec { units: 4, activation: Activation::Relu, initializer: Initializer::Normal, l2: 0.25 };
    let layers = vec![
        LayerSpec::Dropout { rate: 0.2 },
        LayerSpec::Dense(penalized),
        LayerSpec::BatchNormalization,
        LayerSpec::Dense(DenseSpec::new(3, Activation::Linear)),
    ];
    let spec = ModelSpec::new(5, layers).unwrap();
    let parameters = spec.initialize(3);
    // W and b; gamma and beta; W and b; mean and variance.
    assert_eq!(parameters.len(), (5 + 1) * 4 + 2 * 4 + (4 + 1) * 3 + 2 * 4);
    ModelFile { spec, parameters, ..model() }
}

#[test]
fn a_file_of_an_earlier_build_is_still_read() {
    let model = model();
    let header = wire::encode(&((5_usize, vec![(4_usize, Activation::Tanh), (3, Activation::Linear)]), &model.about)).unwrap();
    let weights: Vec<u8> = model.parameters.iter().flat_map(|w| w.to_le_bytes()).collect();
    let checked = [&(header.len() as u32).to_le_bytes()[..], &header, &weights].concat();
    let crc = crc32fast::hash(&checked).to_le_bytes();
    assert_eq!(model_file::decode(&[b"INKLING\n\x01\0\0\0", &crc[..], &checked].concat()), Ok(model));
}

#[test]
fn only_dense_layers_are_packed() {
    assert!(matches!(model_file::encode_packed(&stack(), 8), Err(Error::Setting { .. })));
}

#[test]
fn packed_weights_are_as_near_as_a_step_for_each_unit_allows() {
    let model = model();
    for bits in 2..=8 {
        let back = model_file::decode(&model_file::encode_packed(&model, bits).unwrap()).unwrap();
        assert_eq!((&back.spec, &back.about), (&model.spec, &model.about));
        for layer in model.spec.layout().layers {
            for unit in 0..layer.units {
                let of = |parameters: &[f32]| -> Vec<f64> {
                    (0..layer.inputs).map(|i| f64::from(parameters[layer.weights + i * layer.units + unit])).collect()
                };
                let (want, got) = (of(&model.parameters), of(&back.parameters));
                let most = f64::from(1 << (bits - 1)) - 1.0;
                let error = |got: &[f64]| want.iter().zip(got).map(|(want, got)| (want - got).powi(2)).sum::<f64>();
                // The step that just reaches the largest weight is one that it may choose.
                let step = want.iter().fold(0f64, |most, w| most.max(w.abs())) / most;
                let plain: Vec<f64> = want.iter().map(|w| (w / step).round() * step).collect();
                assert!(error(&got) <= error(&plain) + 1e-7, "{bits} bits: {got:?}, should be {want:?}");
                let mut sizes: Vec<f32> = got.iter().map(|w| w.abs() as f32).collect();
                sizes.sort_by(f32::total_cmp);
                sizes.dedup();
                assert!(sizes.len() <= most as usize + 1, "{bits} bits: {got:?}");
            }
            let bias = layer.bias..layer.bias + layer.units;
            assert_eq!(back.parameters[bias.clone()], model.parameters[bias]);
        }
    }
    assert!(matches!(model_file::encode_packed(&model, 9), Err(Error::Setting { .. })));
    assert!(matches!(model_file::encode_packed(&model, 1), Err(Error::Setting { .. })));
}

#[test]
fn weights_that_are_whole_steps_come_back_as_they_are() {
    let mut model = model();
    let layer = model.spec.layout().layers[0];
    for (i, steps) in [-7.0, 3.0, 0.0, 1.0, -2.0].into_iter().enumerate() {
        model.parameters[layer.weights + i * layer.units + 1] = 0.125 * steps;
    }
    let back = model_file::decode(&model_file::encode_packed(&model, 4).unwrap()).unwrap();
    let unit = |p: &[f32]| -> Vec<f32> { (0..layer.inputs).map(|i| p[layer.weights + i * layer.units + 1]).collect() };
    assert_eq!(unit(&back.parameters), unit(&model.parameters));
}

/// Of many weights that lie as random ones do, the few largest are not worth a coarse step.
#[test]
fn with_few_bits_the_largest_weights_are_cut_off() {
    let spec = ModelSpec::mlp(&[500, 2], Activation::Relu).unwrap();
    let mut rng = fastrand::Rng::with_seed(1);
    let parameters: Vec<f32> = (0..1002).map(|_| (0..12).map(|_| rng.f32()).sum::<f32>() - 6.0).collect();
    let model =
        ModelFile { spec, parameters, about: About { made_by: "a test".into(), test_accuracy: None }, subject: Subject::DIGITS };
    let back = model_file::decode(&model_file::encode_packed(&model, 3).unwrap()).unwrap();
    let error = model.parameters.iter().zip(&back.parameters).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>() / 1000.0;
    // Seven equal steps leave a normal distribution about 0.047 at best, and 0.083 when they reach to three standard deviations.
    assert!((0.03..0.055).contains(&error), "{error}");
}

#[test]
fn a_unit_without_weights_stays_without() {
    let mut model = model();
    let layer = model.spec.layout().layers[0];
    (0..layer.inputs).for_each(|i| model.parameters[layer.weights + i * layer.units + 1] = 0.0);
    let back = model_file::decode(&model_file::encode_packed(&model, 8).unwrap()).unwrap();
    assert!((0..layer.inputs).all(|i| back.parameters[layer.weights + i * layer.units + 1] == 0.0));
}

#[test]
fn model_file_names_what_is_wrong() {
    names_what_is_wrong(model_file::encode(&model()).unwrap());
    names_what_is_wrong(model_file::encode(&stack()).unwrap());
    for bits in [8, 5] {
        names_what_is_wrong(model_file::encode_packed(&model(), bits).unwrap());
    }
}

fn names_what_is_wrong(good: Vec<u8>) {
    let decode = |bytes: &[u8]| model_file::decode(bytes).unwrap_err();
    // Cut short anywhere: before the magic is whole it is no such file, after it the length is named.
    for length in 0..good.len() {
        match decode(&good[..length]) {
            Error::NotA { .. } if length < 8 => {}
            Error::Truncated { expected, got, .. } if length >= 8 => assert!(expected > got && got == length as u64),
            other => panic!("{length} bytes: {other}"),
        }
    }
    assert!(matches!(decode(&[&good[..], &[0]].concat()), Error::TrailingBytes { .. }));
    assert!(matches!(decode(b"PNG and other bytes that are no network"), Error::NotA { .. }));
    let mut other_version = good.clone();
    other_version[8] = 5;
    assert_eq!(decode(&other_version), Error::Version { supported: 4, got: 5 });
    let mut huge_header = good.clone();
    huge_header[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(decode(&huge_header), Error::TooLarge { .. }));
    // Any single damaged byte after the version is noticed.
    for at in 12..good.len() {
        let mut damaged = good.clone();
        damaged[at] ^= 0x10;
        assert!(model_file::decode(&damaged).is_err(), "byte {at}");
    }
    let mut damaged = good.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert!(matches!(decode(&damaged), Error::Checksum { .. }));
}

#[test]
fn model_file_refuses_weights_that_are_not_numbers() {
    let mut model = model();
    model.parameters[2] = f32::NAN;
    let bytes = model_file::encode(&model).unwrap();
    assert!(matches!(model_file::decode(&bytes), Err(Error::NotFinite { .. })));
}

#[test]
fn messages_are_limited() {
    // A length of 4 GiB in five bytes must not be believed.
    let claim = [253, 0, 0, 0, 0, 1, 0, 0, 0];
    assert!(wire::decode::<Vec<u8>>(&claim, "a test").is_err());
    assert!(matches!(wire::decode::<u8>(&[1, 2], "a test"), Err(Error::TrailingBytes { .. })));
}

#[test]
fn specifications_are_checked_when_they_are_decoded() {
    for sizes in [&[784][..], &[0, 10], &[784, 0, 10], &[784, 5000, 10], &[784, 1], &[784; 12]] {
        assert!(ModelSpec::mlp(sizes, Activation::Relu).is_err(), "{sizes:?}");
    }
    let dense = |units| LayerSpec::Dense(DenseSpec::new(units, Activation::Linear));
    let penalty = |l2| LayerSpec::Dense(DenseSpec { l2, ..DenseSpec::new(4, Activation::Linear) });
    for hidden in [
        vec![LayerSpec::Dropout { rate: 1.0 }],
        vec![LayerSpec::Dropout { rate: -0.1 }],
        vec![LayerSpec::Dropout { rate: f32::NAN }],
        vec![penalty(-1.0)],
        vec![penalty(f32::NAN)],
        vec![LayerSpec::BatchNormalization; 40],
    ] {
        let layers = [hidden, vec![dense(10)]].concat();
        assert!(ModelSpec::new(5, layers.clone()).is_err(), "{layers:?}");
    }
    for last in [LayerSpec::BatchNormalization, LayerSpec::Dropout { rate: 0.5 }] {
        assert!(ModelSpec::new(5, vec![dense(10), last]).is_err());
    }
    // The same through bytes: 5 inputs, then one layer of 200 classes.
    let bytes = wire::encode(&(5_usize, vec![dense(200)])).unwrap();
    assert!(wire::decode::<ModelSpec>(&bytes, "a test").is_err());
    let bytes = wire::encode(&(5_usize, vec![dense(20)])).unwrap();
    assert!(wire::decode::<ModelSpec>(&bytes, "a test").is_ok());
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = model_file::decode(&bytes);
        let _ = model_file::decode(&[b"INKLING\n\x01\0\0\0", &bytes[..]].concat());
        let _ = model_file::decode(&[b"INKLING\n\x02\0\0\0", &bytes[..]].concat());
        let _ = model_file::decode(&[b"INKLING\n\x03\0\0\0", &bytes[..]].concat());
        let _ = idx::dataset(bytes.clone(), bytes.clone(), 10);
        let _ = wire::decode::<inkling::protocol::Command>(&bytes, "a command");
        let _ = wire::decode::<inkling::protocol::Event>(&bytes, "an event");
    }
}

#[test]
fn a_network_of_other_images_says_what_they_are() {
    let subject = Subject { side: 8, classes: Classes::Numbered(3) };
    let spec = ModelSpec::mlp(&[64, 5, 3], Activation::Relu).unwrap();
    let parameters = spec.initialize(1);
    let other = ModelFile { spec, parameters, subject, ..model() };
    let bytes = model_file::encode(&other).unwrap();
    assert_eq!(bytes[8], 4, "the version");
    assert_eq!(model_file::decode(&bytes).unwrap(), other);
    assert_eq!(model_file::encode(&model()).unwrap()[8], 3, "a network of digits is a file that earlier builds read");
    // What it says of its images must be true of its network.
    let wrong = ModelFile { subject: Subject { side: 9, ..subject }, ..other };
    assert!(matches!(model_file::decode(&model_file::encode(&wrong).unwrap()), Err(Error::Shape { .. })));
}
