//! What each process has used so far, from `/proc`: processor time to the nanosecond, and how often its threads were switched in or out.
//!
//! Ours are this process (the services and their callers), PostgreSQL with its children, by the database they work in, and NATS.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    iter::Sum,
    ops::{Add, Sub},
    time::Duration,
};

use huying_tests::SERVICES;

use super::stage::Stage;

/// The kernel's unit of time towards us: a hundredth of a second on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Who used it. A service's name stands for its database's backends.
pub type Who = &'static str;
/// The services and their callers.
pub const HUYING: Who = "huying";
pub const NATS: Who = "nats";
/// PostgreSQL's processes that work for no service.
pub const POSTGRES: Who = "postgres";
/// Programs that this one ran and that have ended: pgbench.
pub const ENDED: Who = "ended";

#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    pub cpu: Duration,
    pub switches: u64,
}

/// All that is known at one moment.
pub struct Snapshot {
    threads: HashMap<u32, (Who, Used)>,
    /// Time of children that have ended.
    ended: BTreeMap<Who, Duration>,
    /// Time that any process of the machine has used.
    machine: Duration,
}

impl Snapshot {
    pub fn take(stage: &Stage) -> Self {
        let postmaster = stage.world.postgres.as_ref().unwrap().pid();
        let this = std::process::id();
        let backends = children(postmaster).into_iter().map(|pid| (pid, works_for(pid)));
        let ours = [(this, HUYING), (postmaster, POSTGRES), (stage.world.bench.nats.pid(), NATS)];
        let ended = [(this, ENDED), (postmaster, POSTGRES)];
        Self {
            threads: ours.into_iter().chain(backends).flat_map(|(pid, who)| threads(pid, who)).collect(),
            ended: ended.into_iter().map(|(pid, who)| (who, of_ended_children(pid))).collect(),
            machine: machine(),
        }
    }

    /// What each of ours has used since an earlier moment.
    pub fn since(&self, before: &Self) -> BTreeMap<Who, Used> {
        let mut used: BTreeMap<Who, Used> = BTreeMap::new();
        for (id, (who, now)) in &self.threads {
            let then = before.threads.get(id).map(|(_, then)| *then).unwrap_or_default();
            let sum = used.entry(who).or_default();
            *sum = *sum + (*now - then);
        }
        for (who, now) in &self.ended {
            used.entry(who).or_default().cpu += now.saturating_sub(before.ended[who]);
        }
        // A backend that has ended meanwhile is told of with its whole life.
        let gone =
            before.threads.iter().filter(|(id, (who, _))| !self.threads.contains_key(id) && is_postgres(who));
        let counted_before: Duration = gone.map(|(_, (_, then))| then.cpu).sum();
        let rest = used.entry(POSTGRES).or_default();
        rest.cpu = rest.cpu.saturating_sub(counted_before);
        used
    }

    /// What any process of the machine has used since.
    pub fn machine_since(&self, before: &Self) -> Duration {
        self.machine.saturating_sub(before.machine)
    }
}

/// Whether it is one of PostgreSQL's processes, for a service or not.
pub fn is_postgres(who: Who) -> bool {
    ![HUYING, NATS, ENDED].contains(&who)
}

/// Processors of the machine.
pub fn processors() -> usize {
    let lines = read("/proc/stat");
    lines.lines().filter(|line| line.starts_with("cpu") && !line.starts_with("cpu ")).count()
}

fn threads(pid: u32, who: Who) -> Vec<(u32, (Who, Used))> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks
        .filter_map(|task| {
            Some((task.file_name().to_str()?.parse().ok()?, (who, thread(&task.path().display())?)))
        })
        .collect()
}

/// None: it has ended.
fn thread(path: &dyn std::fmt::Display) -> Option<Used> {
    let running = fs::read_to_string(format!("{path}/schedstat")).ok()?;
    let status = fs::read_to_string(format!("{path}/status")).ok()?;
    let switches = status.lines().filter(|line| line.contains("_ctxt_switches"));
    Some(Used {
        cpu: Duration::from_nanos(running.split(' ').next()?.parse().ok()?),
        switches: switches.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).sum(),
    })
}

fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| stat(*pid).is_some_and(|stat| stat[1] == u64::from(parent))).collect()
}

/// A backend's title names its database.
fn works_for(pid: u32) -> Who {
    let title = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let named = |service: &&Who| title.contains(&format!(" huying_{service} "));
    SERVICES.iter().find(named).copied().unwrap_or(POSTGRES)
}

fn of_ended_children(pid: u32) -> Duration {
    stat(pid).map(|stat| TICK * (stat[13] + stat[14]) as u32).unwrap_or_default()
}

/// The numbers after a process's name; 0 in the place of its state.
fn stat(pid: u32) -> Option<Vec<u64>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, numbers) = stat.rsplit_once(')')?;
    Some(numbers.split_whitespace().map(|number| number.parse().unwrap_or_default()).collect())
}

/// Everything but idling and waiting for the disk. What other machines took of the processors counts as used.
fn machine() -> Duration {
    let text = read("/proc/stat");
    let ticks: Vec<u64> = text
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .skip(1)
        .map(|number| number.parse().unwrap())
        .collect();
    let [user, nice, system, _idle, _iowait, irq, softirq, steal, ..] = ticks[..] else {
        panic!("the first line of /proc/stat is not as expected");
    };
    TICK * (user + nice + system + irq + softirq + steal) as u32
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap()
}

impl Add for Used {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu + other.cpu, switches: self.switches + other.switches }
    }
}

impl Sub for Used {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(other.cpu),
            switches: self.switches.saturating_sub(other.switches),
        }
    }
}

impl Sum for Used {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}
