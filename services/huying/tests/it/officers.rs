//! `officers.csv`, 值班表: read in its order, and refused by its lines.

use std::fs;

use huying::profile::{Profile, ProfileError};

use crate::profile::copied;

/// The place with a roster of its own.
fn with(rows: &str) -> Result<Profile, ProfileError> {
    let folder = copied("jiangan");
    let place = folder.path().join("jiangan");
    fs::write(place.join("officers.csv"), format!("unit,subject,name,duty\n{rows}")).unwrap();
    Profile::load(&place)
}

#[test]
fn a_roster_is_read_in_its_order() {
    let rows = "DEP-jiaoguan,b,二号岗,mon-fri 08:30-17:30;sat 09:00-12:00\nDEP-jiaoguan,a,,\nDEP-yuanlin,a,,always\n";
    let roster = with(rows).unwrap().casework.roster;
    let read: Vec<_> =
        roster.iter().map(|it| (it.unit.as_str(), it.subject.as_str(), it.duty.as_str())).collect();
    assert_eq!(
        read,
        [
            ("DEP-jiaoguan", "b", "mon-fri 08:30-17:30;sat 09:00-12:00"),
            ("DEP-jiaoguan", "a", ""),
            ("DEP-yuanlin", "a", "always")
        ]
    );
    let folder = copied("jiangan");
    let place = folder.path().join("jiangan");
    fs::remove_file(place.join("officers.csv")).unwrap();
    assert!(Profile::load(&place).unwrap().casework.roster.is_empty(), "a place can do without");
}

#[test]
fn a_broken_roster_says_line_and_what_to_do() {
    let rows = "DEP-nobody,a,,\nDEP-jiaoguan,a,,\nDEP-jiaoguan,a,,always\nDEP-jiaoguan,,,\nDEP-jiaoguan,b,,mon 8:30-17:30\n";
    let told: Vec<String> = with(rows).unwrap_err().faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "officers.csv line 2: the unit 'DEP-nobody' is not defined: name a unit of units.csv",
            "officers.csv line 4: a stands in DEP-jiaoguan already, in line 3: keep one of them, with all shifts in one cell",
            "officers.csv line 5: subject is empty: fill it in",
            "officers.csv line 6: duty 'mon 8:30-17:30' cannot be read: it must be empty (the working time), always, \
             or 1 to 12 shifts such as mon-fri 08:30-17:30;sat 09:00-12:00",
        ]
    );
    // What only the service bounds is told of the file too.
    let long = format!("DEP-jiaoguan,{},,\n", "x".repeat(129));
    let told: Vec<String> = with(&long).unwrap_err().faults.iter().map(ToString::to_string).collect();
    assert!(told.len() == 1 && told[0].starts_with("officers.csv: roster[0].subject"), "{told:?}");
}
