//! A network learns a person's own drawings: they are read right afterwards, so are their variations, and little is forgotten.
#![cfg(not(target_arch = "wasm32"))]

use inkling::data::{Dataset, idx};
use inkling::format::model_file;
use inkling::format::numbers::floats;
use inkling::ink::jsonl::Drawing;
use inkling::ink::{self, Stroke};
use inkling::model::Predictor;
use inkling::pen::{self, Hand};
use inkling::protocol::{Command, Event};
use inkling::train::{Data, Processor, Session, teach};
use pollster::block_on;
use std::cell::RefCell;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

fn file(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/www/{path}", env!("CARGO_MANIFEST_DIR"))).expect("the file is there")
}

fn mnist() -> Data {
    let read = |name: &str| {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(file(&format!("data/{name}.gz")).as_slice()).read_to_end(&mut bytes).expect("it unpacks");
        bytes
    };
    let set = |images: &str, labels: &str| -> Arc<Dataset> {
        Arc::new(idx::dataset(read(images), read(labels), 10).expect("it reads"))
    };
    Data {
        training: set("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        test: set("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
    }
}

fn reads(predictor: &mut Predictor, strokes: &[Stroke]) -> u8 {
    let image = ink::image(strokes).expect("it has ink");
    let p = predictor.predict(&ink::to_input(&image)).expect("it fits");
    (0..10).max_by(|&a, &b| p[a as usize].total_cmp(&p[b as usize])).expect("ten digits")
}

/// Digits that the network misreads, of forms and hands at random.
fn misread(predictor: &mut Predictor, count: usize) -> Vec<Drawing> {
    let forms = pen::digits().expect("they read");
    let mut rng = fastrand::Rng::with_seed(11);
    let mut found = Vec::new();
    while found.len() < count {
        let form = &forms[rng.usize(..forms.len())];
        let drawing = Drawing { label: form.label, strokes: Hand::default().write(form, &mut rng) };
        if Some(reads(predictor, &drawing.strokes)) != drawing.label {
            found.push(drawing);
        }
    }
    found
}

#[test]
fn a_misread_drawing_is_read_right_afterwards_and_mnist_is_kept() {
    let shipped = model_file::decode(&file("models/shipped.inkling")).expect("it is a model file");
    let mut predictor = Predictor::new(shipped.spec.clone(), &shipped.parameters).expect("it fits");
    let data = mnist();
    for drawing in misread(&mut predictor, 3) {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let outbox = Rc::clone(&heard);
        let mut session = Session::new(
            Box::new(move |event, payload| outbox.borrow_mut().push((event, payload))),
            || 0.0,
            Processor::default(),
        );
        session.set_data(data.clone());
        let weights: &[u8] = bytemuck::cast_slice(&shipped.parameters);
        let create = Command::Create { run: 1, spec: shipped.spec.clone(), config: teach::config(1) };
        block_on(session.obey(create, Some(weights.to_vec())));
        block_on(session.obey(Command::Teach { run: 1 }, Some(teach::copies(std::slice::from_ref(&drawing), 1))));

        let heard = heard.borrow();
        let Some((Event::Taught { run: 1, before, after }, None)) = heard.last() else { panic!("{:?}", heard.last()) };
        assert!(after.accuracy >= before.accuracy - 0.002, "{before:?} became {after:?}");
        let weights = heard.iter().rev().find(|(event, _)| matches!(event, Event::Weights { .. })).expect("weights came");
        let taught = floats(weights.1.as_ref().expect("they are the payload"));
        let mut predictor = Predictor::new(shipped.spec.clone(), &taught).expect("it fits");
        assert_eq!(Some(reads(&mut predictor, &drawing.strokes)), drawing.label);
        // Other variations than it learned from.
        let mut rng = fastrand::Rng::with_seed(1000);
        let right =
            (0..10).filter(|_| Some(reads(&mut predictor, &Hand::AGAIN.copy(&drawing.strokes, &mut rng))) == drawing.label);
        let right = right.count();
        assert!(right >= 8, "{right} of 10 variations of a {:?}", drawing.label);
    }
}

#[test]
fn without_images_or_with_half_a_drawing_nothing_is_learned() {
    let shipped = model_file::decode(&file("models/shipped.inkling")).expect("it is a model file");
    let drawing = Drawing { label: Some(1), strokes: vec![Stroke { points: vec![[0.0, 0.0], [0.0, 9.0]] }] };
    let copies = teach::copies(&[drawing], 1);
    let data = mnist();
    for (has_data, payload, reason) in
        [(false, copies.clone(), "load the data set"), (true, copies[1..].to_vec(), "drawings"), (true, Vec::new(), "drawings")]
    {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let outbox = Rc::clone(&heard);
        let mut session =
            Session::new(Box::new(move |event, _payload| outbox.borrow_mut().push(event)), || 0.0, Processor::default());
        if has_data {
            session.set_data(data.clone());
        }
        block_on(session.obey(Command::Create { run: 1, spec: shipped.spec.clone(), config: teach::config(1) }, None));
        block_on(session.obey(Command::Teach { run: 1 }, Some(payload)));
        let heard = heard.borrow();
        let Some(Event::Failed { run: 1, error }) = heard.last() else { panic!("{:?}", heard.last()) };
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn copies_are_shared_out_evenly_and_begin_with_the_drawing() {
    let line = |x: f32| vec![Stroke { points: vec![[0.0, 0.0], [x, 9.0], [x, f32::NAN]] }];
    let drawings = [
        Drawing { label: Some(1), strokes: line(1.0) },
        Drawing { label: None, strokes: line(2.0) },
        Drawing { label: Some(7), strokes: line(5.0) },
    ];
    let copies = teach::copies(&drawings, 3);
    assert_eq!(copies, teach::copies(&drawings, 3));
    let images = copies.len() / 785;
    assert_eq!(copies.len(), images * 785);
    let labels = &copies[images * 784..];
    assert_eq!((images, labels.iter().filter(|&&l| l == 1).count(), labels.iter().filter(|&&l| l == 7).count()), (200, 100, 100));
    assert_eq!(copies[..784], ink::image(&drawings[0].strokes).expect("it has ink"));
    assert_ne!(copies[..784], copies[784..2 * 784]);
    assert_eq!(teach::copies(&[], 3), Vec::<u8>::new());
}
