//! Train, watch, pause, go on, stop, begin anew: on the CPU, where it is quick.

use inkling_e2e::{Page, Pointer, Setup, drive};

/// One epoch of a small network.
const QUICK: &str = "?layers=32&epochs=1&backend=cpu&batch=128&seed=1";
/// More epochs than any test waits for.
const LONG: &str = "?layers=32&epochs=1000&backend=cpu&batch=128&seed=1";

#[test]
fn a_fresh_network_learns_while_one_watches() {
    drive(Setup::default(), async |browser| {
        // Every epoch reports at its end, so that however fast the machine is, the loss is shown five times.
        let page = Page::open(browser, &QUICK.replace("epochs=1", "epochs=5")).await;
        page.draw(3, Pointer::Mouse).await.assert_reads(3);
        page.record().await;
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        let record = page.recorded().await;

        assert!(record.states.ends_with(&["training".to_string(), "done".to_string()]), "{:?}", record.states);
        assert!(record.steps.windows(2).all(|pair| pair[0] < pair[1]), "steps go back: {:?}", record.steps);
        let (first, last) = (record.losses[0], record.losses[record.losses.len() - 1]);
        assert!(record.losses.len() > 3, "the loss is shown too seldom: {:?}", record.losses);
        assert!(last < 0.7 * first, "the loss does not fall: {first} to {last}");
        assert!(record.answers.len() > 3, "the bars stand still during training: {:?}", record.answers);
        println!("Longest time between two animation frames during training: {:.0} ms", record.gap);

        assert_eq!(done.backend(), "cpu");
        assert_eq!(done.number("epoch"), Some(5.0), "{done:#?}");
        assert!(done.step() > 2000, "{done:#?}");
        assert!(done.number("samplesPerSecond").is_some_and(|speed| speed > 100.0), "{done:#?}");
        for accuracy in ["validationAccuracy", "testAccuracy"] {
            assert!(done.number(accuracy).is_some_and(|share| share > 0.85 && share <= 1.0), "{accuracy}: {done:#?}");
        }
        done.probabilities().expect("the network that has learned reads the canvas");
    });
}

#[test]
fn a_network_learns_from_images_changed_at_random() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, &QUICK.replace("epochs=1", "epochs=3")).await;
        let copies = "const canvas = document.getElementById('augmented-copies');
            const { width, height } = canvas;
            const bytes = canvas.getContext('2d').getImageData(0, 0, width, height).data;
            return [canvas.checkVisibility(), [...bytes].join()];";
        let shown = async || -> (bool, String) {
            page.settle().await;
            serde_json::from_value(page.browser.run(copies, vec![]).await).expect("whether, and pixels")
        };
        page.click("#augment").await;
        assert!(!shown().await.0, "without ink there is nothing to change");
        page.draw(3, Pointer::Mouse).await;
        let (visible, three) = shown().await;
        assert!(visible);
        page.click(".settings details details > summary").await;
        page.type_into("#seed", "2").await;
        assert_ne!(shown().await.1, three, "another seed, other changes");
        page.type_into("#seed", "1").await;
        assert_eq!(shown().await.1, three);

        page.record().await;
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        let losses = page.recorded().await.losses;
        let (first, last) = (losses[0], losses[losses.len() - 1]);
        assert!(last < 0.9 * first, "the loss does not fall: {first} to {last}");
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.7), "{done:#?}");

        // The first mini-batch holds other images than without.
        let mut first_losses = Vec::new();
        for augment in ["on", "on", "off"] {
            let page = Page::open(browser, &format!("{QUICK}&augment={augment}")).await;
            page.click("#step").await;
            first_losses.push(page.wait_for_state("paused").await.number("loss"));
        }
        assert_eq!(first_losses[0], first_losses[1]);
        assert_ne!(first_losses[1], first_losses[2]);
    });
}

#[test]
fn the_same_seed_and_settings_give_the_same_run() {
    drive(Setup::default(), async |browser| {
        let mut ends = Vec::new();
        for query in [QUICK, QUICK, &QUICK.replace("seed=1", "seed=2")] {
            let page = Page::open(browser, &format!("{query}&workers=2")).await;
            page.draw(3, Pointer::Mouse).await;
            page.click("#step").await;
            let first_loss = page.wait_for_state("paused").await.number("loss");
            page.click("#pause").await;
            let done = page.wait_for_state("done").await;
            // The network's answer holds all its weights to the last bit.
            let answer = page.settle().await.probabilities();
            ends.push((
                first_loss,
                done.number("loss"),
                done.step(),
                done.number("validationAccuracy"),
                done.number("testAccuracy"),
                answer,
            ));
        }
        println!("{ends:#?}");
        assert!(ends[0].0.is_some() && ends[0].4.is_some() && ends[0].5.is_some());
        assert_eq!(ends[0], ends[1]);
        assert_ne!(ends[1].0, ends[2].0, "another seed gives the same run");
        assert_ne!(ends[1].5, ends[2].5, "another seed gives the same network");
    });
}

#[test]
fn training_can_be_paused_stepped_resumed_stopped_and_begun_anew() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, LONG).await;
        page.click("#train").await;
        page.wait("a few steps", |now| now.state() == "training" && now.step() > 20).await;

        page.click("#pause").await;
        let paused = page.wait_for_state("paused").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(page.snapshot().await.step(), paused.step(), "a paused network goes on");
        assert_eq!(paused.number("testAccuracy"), None);

        for further in 1..=2 {
            page.click("#step").await;
            let now = page.wait("a step", |now| now.state() == "paused" && now.step() > paused.step() + further - 1).await;
            assert_eq!(now.step(), paused.step() + further);
        }

        page.click("#pause").await;
        page.wait("training to go on", |now| now.state() == "training" && now.step() > paused.step() + 20).await;
        page.type_into("#learning-rate", "0.05").await;
        let changed = page.snapshot().await;
        page.wait("training with another learning rate", |now| now.step() > changed.step() + 20).await;

        page.click("#stop").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.2), "{done:#?}");
        assert_eq!(page.settle().await.step(), done.step());

        page.click("#reset").await;
        let ready = page.wait_for_state("ready").await;
        assert_eq!(ready.step(), 0);
        for gone in ["loss", "validationAccuracy", "testAccuracy", "samplesPerSecond"] {
            assert_eq!(ready.number(gone), None, "{gone}");
        }
    });
}

#[test]
fn a_single_step_can_be_the_first() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, LONG).await;
        page.click("#step").await;
        let paused = page.wait_for_state("paused").await;
        assert_eq!(paused.step(), 1);
        // A network that has learned from 128 images knows hardly more than one of ten: ln 10 = 2.30.
        assert!(paused.number("loss").is_some_and(|loss| loss > 1.5 && loss < 4.0), "{paused:#?}");
        page.click("#reset").await;
        assert_eq!(page.wait_for_state("ready").await.step(), 0);
        // What the run before still had to say is not heard any more.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(page.snapshot().await.step(), 0);
    });
}

#[test]
fn training_goes_on_in_a_hidden_tab() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, LONG).await;
        let client = &browser.client;
        let shown = client.window().await.expect("there is a window");
        page.record().await;
        page.click("#train").await;
        page.wait("training", |now| now.state() == "training" && now.step() > 0).await;

        let other = client.new_window(true).await.expect("a tab opens").handle;
        client.switch_to_window(other.clone()).await.expect("it comes to the front");
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        client.close_window().await.expect("it closes");
        client.switch_to_window(shown).await.expect("the page comes back");

        let steps = page.recorded().await.hidden_steps;
        assert!(steps.len() >= 3 && steps[steps.len() - 1] > steps[0] + 100, "steps while hidden: {steps:?}");
        page.click("#stop").await;
        page.wait_for_state("done").await;
    });
}
