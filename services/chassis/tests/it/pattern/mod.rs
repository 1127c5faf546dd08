//! The one pattern, proved without a word of the business: a tiny owner ([`tally`]) and a tiny follower ([`echo`]) on the real chassis,
//! a real PostgreSQL and a real NATS ([`bench`]). Each promise of `services/README.md` has a test here.

mod bench;
mod echo;
mod tally;
mod tally_next;

mod anchors;
mod append;
mod append_bounds;
mod append_crash;
mod append_group;
mod append_marks;
mod append_sets;
mod append_steps;
mod attack_69;
mod attack_69_outside;
mod attack_71;
mod bus;
mod bus_login;
mod cut;
mod epoch;
mod follow_apart;
mod follow_believe;
mod follow_dead;
mod follow_diverge;
mod follow_heal;
mod follow_order;
mod follow_settle;
mod follow_state;
mod follow_unconfirmed;
mod gauges;
mod lead;
mod partition;
mod profile;
mod read;
mod reflect;
mod relay_lead;
mod relay_nats;
mod relay_order;
mod relay_skip;
mod run;
mod shapes;
mod standing;
mod sweep;
mod timer;
mod verify;
