//! Wrong command lines end with exit code 2 and say what is wrong.

use crate::support::{Stage, bare, run};

#[test]
fn what_the_command_line_does_not_know_is_named() {
    for (arguments, message) in [
        (
            &["describe", "--colour"][..],
            "unexpected argument '--colour' found",
        ),
        (&["launch"], "unrecognized subcommand 'launch'"),
        (
            &["start", "-e", "x", "-p", "InstanceCount"],
            "invalid value 'InstanceCount' for '--parameter <NAME=VALUE>': \
             there is no `=` in it; for an empty value write `InstanceCount=`",
        ),
        (
            &["start", "-e", "x", "-a", "=1"],
            "invalid value '=1' for '--attribute <KEY=VALUE>': there is nothing before the `=`",
        ),
        (
            &["run", "-e", "x", "--poll-interval", "soon"],
            "invalid value 'soon' for '--poll-interval <DURATION>': \
             this is not a duration: write for example 500ms, 5s or 2m",
        ),
    ] {
        let ended = run(&mut bare(arguments));
        assert_eq!(ended.text(2), "");
        let first = ended.stderr.lines().next().unwrap();
        assert_eq!(first, format!("error: {message}"));
    }
}

#[test]
fn without_a_plugin_the_error_says_how_to_name_one() {
    assert_eq!(
        run(&mut bare(&["describe"])).sentence(2),
        "no plugin is given: name its file with --component, or in POLYSYNC_COMPONENT"
    );
}

#[test]
fn an_attribute_that_the_plugin_does_not_have_is_answered_with_the_one_that_was_meant() {
    let stage = Stage::new();
    assert_eq!(
        stage
            .tool(&["start", "-e", "one-step", "-a", "executionDisplayNam=x"])
            .sentence(2),
        "there is no job attribute `executionDisplayNam`; did you mean `execution-display-name`?"
    );
    assert_eq!(
        stage
            .tool(&["discover", "--connection-attribute", "fibs=true"])
            .sentence(2),
        "there is no connection attribute `fibs`; did you mean `fips`?"
    );
    assert_eq!(stage.emulator.requests().len(), 0);
}
