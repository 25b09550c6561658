//! Why a command ended early, and what its end means to whoever called.

use std::error::Error;
use std::process::ExitCode;

use crate::output::text::say;

/// How a command ended that could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is fine.
    Fine,
    /// A problem was found, and told.
    Problems,
}

impl Verdict {
    pub(crate) fn fine_if(is_fine: bool) -> Self {
        if is_fine { Self::Fine } else { Self::Problems }
    }
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Fine => Self::SUCCESS,
            Verdict::Problems => Self::from(1),
        }
    }
}

/// What a command comes to.
pub(crate) type Outcome = Result<Verdict, Failure>;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The call was wrong.
    Call(Trouble),
    /// The call was right, but it could not be done.
    Problem(Trouble),
    /// Problems were found that keep the command from its work; they are told already.
    Told,
}

/// What went wrong, in a person's words.
#[derive(Debug)]
pub(crate) struct Trouble {
    message: String,
    causes: Vec<String>,
    help: Option<String>,
}

impl Trouble {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), help: None }
    }

    /// An error and its causes.
    pub(crate) fn error(error: &dyn Error) -> Self {
        Self::new(error.to_string()).because_of(error.source())
    }

    /// Adds a cause, and the causes of that.
    pub(crate) fn because(self, cause: &dyn Error) -> Self {
        self.because_of(Some(cause))
    }

    fn because_of(mut self, cause: Option<&dyn Error>) -> Self {
        self.causes.extend(std::iter::successors(cause, |&cause| cause.source()).map(ToString::to_string));
        self
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(crate) fn call(self) -> Failure {
        Failure::Call(self)
    }

    pub(crate) fn problem(self) -> Failure {
        Failure::Problem(self)
    }

    pub(crate) fn tell(&self) {
        say(format_args!("error: {}", self.message));
        self.causes.iter().for_each(|cause| say(format_args!("  caused by: {cause}")));
        if let Some(help) = &self.help {
            say(format_args!("  help: {help}"));
        }
    }
}

impl Failure {
    /// Tells a person, and returns the exit code.
    pub(crate) fn tell(&self) -> ExitCode {
        match self {
            Self::Call(trouble) => {
                trouble.tell();
                ExitCode::from(2)
            }
            Self::Problem(trouble) => {
                trouble.tell();
                ExitCode::from(1)
            }
            Self::Told => ExitCode::from(1),
        }
    }
}
