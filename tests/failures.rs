//! Networks that are broken on purpose do not learn, on MNIST itself, and each is cured by what the lesson says.
#![cfg(not(target_arch = "wasm32"))]

use flate2::read::GzDecoder;
use inkling::backend::cpu::Cpu;
use inkling::data::{Dataset, idx, pixel_to_input};
use inkling::explain::symptoms;
use inkling::failures::{Experiment, Failure, Outcome, Remedy};
use inkling::robustness::{self, Kind};
use inkling::train::{Data, Split, Trainer};
use pollster::block_on;
use std::io::Read;
use std::sync::{Arc, LazyLock};

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let read = |name: &str| {
        let file = std::fs::File::open(format!("{}/www/data/{name}.gz", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let mut bytes = Vec::new();
        GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        bytes
    };
    let set = |images, labels| -> Arc<Dataset> { Arc::new(idx::dataset(read(images), read(labels), 10).unwrap()) };
    Data {
        training: set("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        test: set("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
    }
});

struct Ran {
    outcome: Outcome,
    /// Accuracy and loss over the last epoch's images, before each was learned from.
    training: f64,
    loss: f64,
    before: Vec<f32>,
    after: Vec<f32>,
}

fn run(experiment: &Experiment) -> Ran {
    let (spec, config) = (experiment.settings.spec().unwrap(), experiment.settings.config());
    let data = match experiment.sample {
        Some(images) => DATA.sample(images as usize, experiment.shuffle_labels.then_some(config.seed)).unwrap(),
        None => DATA.clone(),
    };
    let mut trainer = Trainer::new(Cpu::new(), spec.clone(), config, None).unwrap();
    trainer.set_data(&data).unwrap();
    let before = block_on(trainer.parameters()).unwrap();
    let mut sums = inkling::train::Sums::default();
    for epoch in 0..config.epochs {
        trainer.begin_epoch(epoch).unwrap();
        block_on(trainer.steps(usize::MAX)).unwrap();
        sums = block_on(trainer.take_sums()).unwrap();
    }
    let validation = block_on(trainer.evaluate(Split::Validation)).unwrap();
    let after = block_on(trainer.parameters()).unwrap();
    let mut shifted = 0.0;
    if after.iter().all(|x| x.is_finite()) {
        robustness::measure(&spec, &after, &DATA.test, robustness::IMAGES, |kind, score| {
            if kind == Kind::Shift(2) {
                shifted = score.mean;
            }
        })
        .unwrap();
    }
    let images = sums.images as f64;
    let outcome = Outcome { validation: validation.accuracy, shifted };
    Ran { outcome, training: sums.hits / images, loss: sums.loss / images, before, after }
}

fn dead_share(experiment: &Experiment, parameters: &[f32]) -> f32 {
    let image = |i| DATA.test.image(i).iter().map(|&pixel| pixel_to_input(pixel)).collect();
    let images: Vec<Vec<f32>> = (0..100).map(image).collect();
    symptoms::dead_share(&experiment.settings.spec().unwrap(), parameters, &images).unwrap()
}

/// What the lesson says is to be seen, is: each failure has its symptom, which its remedy takes away.
#[test]
fn every_failure_has_its_symptom_and_is_cured_by_its_remedy() {
    for failure in Failure::ALL {
        let experiment = failure.experiment();
        let remedied = failure.remedy().apply(&experiment);
        assert_ne!(experiment, remedied, "{failure:?}");
        let spec = experiment.settings.spec().unwrap();
        let (broken, cured) = (run(&experiment), run(&remedied));
        assert!(!failure.is_cured(broken.outcome), "{failure:?}: {:?}", broken.outcome);
        assert!(failure.is_cured(cured.outcome), "{failure:?}: {:?}", cured.outcome);
        let cured_spec = remedied.settings.spec().unwrap();
        match failure {
            Failure::Zeros => {
                assert_eq!(symptoms::different_neurons(&spec, &broken.after), 1);
                assert_eq!(symptoms::different_neurons(&spec, &cured.after), 32);
            }
            Failure::HighRate => {
                // More than the loss of somebody who says that all ten digits are equally probable.
                assert!(broken.loss > 2.0 * 10_f64.ln() && cured.loss < 1.0, "{} and {}", broken.loss, cured.loss);
            }
            Failure::DeadRelu => {
                let shares = [dead_share(&experiment, &broken.after), dead_share(&remedied, &cured.after)];
                assert!(shares[0] > 0.9 && shares[1] < 0.2, "{shares:?}");
            }
            Failure::DeepSigmoid => {
                let (moved, cured) = (
                    symptoms::moved(&spec, &broken.before, &broken.after),
                    symptoms::moved(&cured_spec, &cured.before, &cured.after),
                );
                assert!(moved[0] < moved[6] / 10.0 && cured[0] > 10.0 * moved[0], "{moved:?} and {cured:?}");
            }
            Failure::ShuffledLabels => {
                assert!(broken.training > 0.9 && broken.outcome.validation < 0.2, "{} {:?}", broken.training, broken.outcome);
            }
            Failure::NoAugmentation => {
                assert!(broken.outcome.validation > 0.95 && broken.outcome.shifted < 0.7, "{:?}", broken.outcome);
            }
        }
    }
}

#[test]
fn names_lead_back_and_every_setting_is_taken() {
    for failure in Failure::ALL {
        assert_eq!(Failure::parse(failure.name()), Some(failure));
        let experiment = failure.experiment();
        assert_ne!(experiment.settings, inkling::settings::Settings::default(), "{failure:?}");
        assert!(experiment.settings.config().check().is_ok());
        for remedy in Remedy::ALL {
            let _ = remedy.apply(&experiment);
        }
    }
    for remedy in Remedy::ALL {
        assert_eq!(Remedy::parse(remedy.name()), Some(remedy));
    }
    assert_eq!((Failure::parse("nothing"), Remedy::parse("")), (None, None));
}
