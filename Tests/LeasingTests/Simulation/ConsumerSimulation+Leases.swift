import Coordination
import Records

@testable import Checkpoints

/// What a worker does about its leases, as the shell does it.
extension ConsumerSimulation {
    mutating func look(_ index: Int) {
        guard !workers[index]!.isLeaving else { return }
        if workers[index]!.isLooking {
            workers[index]!.hasNews = true
            return
        }
        workers[index]!.isLooking = true
        workers[index]!.hasNews = false
        let (sentAt, me) = (now, workers[index]!.me)
        call(index) { simulation in
            (
                simulation.table.announce(me, for: Self.session, at: simulation.moment), simulation.table.leases(at: simulation.moment),
                simulation.table.groupStart
            )
        } then: { simulation, answer in
            guard let (workers, rows, stored) = answer else { return simulation.endLook(index, pause: .seconds(2)) }
            if rows.isEmpty, stored == nil, !simulation.workers[index]!.consumer.remembered.isEmpty {
                simulation.restore(index)
            } else {
                simulation.decide(index, rows, workers, sentAt: sentAt)
            }
        }
    }

    private mutating func restore(_ index: Int) {
        let (start, remembered) = (self.start, workers[index]!.consumer.remembered)
        call(index) { simulation in
            _ = simulation.table.start(proposing: start)
            simulation.table.create(remembered)
            return true
        } then: { simulation, _ in
            simulation.endLook(index, pause: .milliseconds(10))
        }
    }

    private mutating func decide(_ index: Int, _ rows: [Lease], _ alive: [Worker], sentAt: MonotonicTime) {
        var rows = rows
        if scenario.mutation == .ignoresParents { for row in rows.indices { rows[row].parents = ["none"] } }
        var worker = workers[index]!
        let view = ConsumerState.View(
            rows: rows, workers: alive, held: Set(worker.held.all), busy: Set(worker.readers.keys), sentAt: sentAt, receivedAt: now)
        if worker.consumer.needsListing(view) { worker.consumer.listed(listing(), at: now, rows: rows) }
        if scenario.mutation == .startsChildrenLate, !rows.isEmpty {
            worker.consumer.start = .timestamp(now.nanoseconds / 1_000_000)
        }
        let step = worker.consumer.step(view)
        workers[index] = worker
        for lease in step.handovers { beginHandover(index, lease) }
        make(step, index, requestedAt: now)
    }

    private mutating func make(_ step: ConsumerState.Step, _ index: Int, requestedAt sentAt: MonotonicTime) {
        var (wanted, asked): ([AcquireRequest], [HandoffRequest]) = ([], [])
        for move in step.moves {
            switch move {
            case .acquire(let shard): wanted.append(AcquireRequest(shard))
            case .steal(let shard, let token): wanted.append(AcquireRequest(shard, stealing: token))
            case .requestHandoff(let shard, let owner): asked.append(HandoffRequest(shard, from: owner))
            }
        }
        let (acquisitions, requests, me, start) = (wanted, asked, workers[index]!.me, self.start)
        call(index) { simulation in
            if step.restatesStart { _ = simulation.table.start(proposing: start) }
            simulation.table.create(step.creations)
            _ = simulation.table.requestHandoffs(requests, to: me.name, within: Self.session, at: simulation.moment)
            return simulation.table.acquire(acquisitions, owner: me.name, for: Self.session, at: simulation.moment)
        } then: { simulation, outcomes in
            for case .acquired(let lease, let position) in outcomes ?? [] { simulation.take(index, lease, position, requestedAt: sentAt) }
            simulation.endLook(index, pause: outcomes == nil ? .seconds(2) : step.pause)
        }
    }

    private mutating func endLook(_ index: Int, pause: Duration) {
        workers[index]!.isLooking = false
        workers[index]!.lookNumber += 1
        let number = workers[index]!.lookNumber
        // Workers that come and go are noticed after a fifth of a heartbeat.
        let delay = workers[index]!.hasNews ? .milliseconds(1) : min(pause, Self.heartbeat / 5)
        after(delay, for: index) { if $0.workers[index]!.lookNumber == number { $0.look(index) } }
    }

    private mutating func take(_ index: Int, _ lease: HeldLease, _ position: Position, requestedAt time: MonotonicTime) {
        let deadline = workers[index]!.held.acquired(lease, requestedAt: time)
        workers[index]!.readers[lease.shard] = SimulatedWorker.Reader(lease, from: position, takenAt: time, until: deadline)
        if workers[index]!.readers.count > workers[index]!.me.capacity ?? .max { checker.note(.overLimit) }
        if workers[index]!.isLeaving { workers[index]!.readers[lease.shard]!.isStopped = true }
        after(.milliseconds(20), for: index) { $0.read(index, lease) }
    }

    mutating func beginHandover(_ index: Int, _ lease: HeldLease) {
        guard reader(index, lease) != nil else { return }
        workers[index]!.readers[lease.shard]!.isStopped = true
        conclude(index, lease)
    }

    mutating func renew(_ index: Int) {
        let (sentAt, leases) = (now, workers[index]!.held.all.sorted { $0.shard < $1.shard })
        call(index) { simulation in
            let presented = leases.map { simulation.presented($0) }
            return simulation.table.renew(presented, for: Self.session, at: simulation.moment)
        } then: { simulation, outcomes in
            simulation.after(outcomes == nil ? .seconds(1) : Self.heartbeat, for: index) { $0.renew(index) }
            for (lease, outcome) in zip(leases, outcomes ?? []) {
                switch outcome {
                case .renewed(let next): simulation.renewed(index, lease, isAskedFor: next != nil, requestedAt: sentAt)
                case .lost: simulation.drop(index, lease)
                }
            }
        }
    }

    private mutating func renewed(_ index: Int, _ lease: HeldLease, isAskedFor: Bool, requestedAt time: MonotonicTime) {
        guard var reader = reader(index, lease),
            let deadline = workers[index]!.held.renewed(lease, isAskedFor: isAskedFor, requestedAt: time)
        else { return }
        // A reader that was told that its lease is gone does not come back.
        if reader.isFenced { return drop(index, lease) }
        reader.deadline = max(reader.deadline, deadline)
        workers[index]!.readers[lease.shard] = reader
        if isAskedFor { beginHandover(index, lease) }
    }

    /// Once a second: deadlines, and positions to be stored.
    mutating func tick(_ index: Int) {
        after(.seconds(1), for: index) { $0.tick(index) }
        if scenario.mutation != .ignoresDeadlines {
            for lease in workers[index]!.held.expire(now: now).sorted(by: { $0.shard < $1.shard }) { drop(index, lease) }
        }
        storePositions(index)
    }

    private mutating func storePositions(_ index: Int) {
        let changes = workers[index]!.inOrder.filter { !$0.isFenced && $0.watermark.position > $0.stored }
            .map { (lease: $0.lease, position: $0.watermark.position) }
        guard !changes.isEmpty else { return }
        call(index) {
            $0.checkpoint(changes)
        } then: { simulation, outcomes in
            for (change, outcome) in zip(changes, outcomes ?? []) {
                if outcome == .lost {
                    simulation.drop(index, change.lease)
                } else if simulation.reader(index, change.lease) != nil {
                    simulation.workers[index]!.readers[change.lease.shard]!.stored = change.position
                }
            }
        }
    }

    mutating func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) -> [CheckpointOutcome] {
        changes.map { change in
            let before = table.rows[change.lease.shard]
            let outcome = table.checkpoint([(presented(change.lease), change.position)])[0]
            if outcome == .stored, let before { checker.stored(change.lease, change.position, over: before, stream) }
            return outcome
        }
    }

    /// The lease as a store sees it: a broken one does not look at tokens.
    func presented(_ lease: HeldLease) -> HeldLease {
        guard scenario.mutation == .ignoresTokens, let row = table.rows[lease.shard], let owner = row.owner else { return lease }
        return HeldLease(shard: lease.shard, owner: owner, token: row.token)
    }

    func reader(_ index: Int, _ lease: HeldLease) -> SimulatedWorker.Reader? {
        workers[index]?.readers[lease.shard].flatMap { $0.lease == lease ? $0 : nil }
    }

    /// The lease is this worker's no more: what is still to be delivered under it never will be.
    mutating func drop(_ index: Int, _ lease: HeldLease) {
        workers[index]!.held.drop(lease)
        guard reader(index, lease) != nil else { return }
        workers[index]!.readers[lease.shard] = nil
        look(index)
    }
}
