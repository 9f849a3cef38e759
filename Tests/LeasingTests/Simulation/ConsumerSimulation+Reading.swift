import Coordination
import Records

@testable import Checkpoints

/// What a worker does with a shard, as the shell does it.
extension ConsumerSimulation {
    /// Batches of a shard that sinks may have in hand.
    private static let mostOutstanding = 4

    mutating func read(_ index: Int, _ lease: HeldLease) {
        guard var reader = reader(index, lease), !reader.isStopped, !reader.hasEnded, isOpen(&reader) else { return }
        let records = Array(
            stream.records(of: lease.shard, after: reader.cursor).prefix(Int.random(in: 1...5, using: &random)))
        if reader.watermark.outstanding >= Self.mostOutstanding {
            after(.milliseconds(300), for: index) { $0.read(index, lease) }
        } else if let last = records.last {
            let slowest: Int64 = scenario.pauses ? 20_000 : 4_000
            let position = Position.sequence(last.sequence, subSequence: nil)
            let ticket = reader.watermark.register(position)
            reader.cursor = position
            reader.lastWrite = max(reader.lastWrite, now) + milliseconds(1...(chance(0.05) ? slowest : 800))
            after(reader.lastWrite - now, for: index) { $0.write(index, lease, ticket, records) }
            if scenario.mutation == .acknowledgesEarly { _ = reader.watermark.complete(ticket) }
            after(milliseconds(50...300), for: index) { $0.read(index, lease) }
        } else if stream.isClosed(lease.shard) {
            reader.hasEnded = true
        } else {
            after(milliseconds(500...2_000), for: index) { $0.read(index, lease) }
        }
        workers[index]!.readers[lease.shard] = reader
        if reader.hasEnded { conclude(index, lease) }
    }

    /// A batch's turn to be delivered; late ones are let go.
    private mutating func write(_ index: Int, _ lease: HeldLease, _ ticket: Watermark.Ticket, _ records: [SimulatedShards.Record]) {
        guard var reader = reader(index, lease) else { return }
        if isOpen(&reader) {
            let isForgotten = forgotAt.map { reader.takenAt <= $0 } ?? false
            if !isForgotten, let row = table.rows[lease.shard], !row.isHeld(by: lease) { checker.note(.wroteWithoutLease) }
            for record in records { checker.delivered(record, of: lease.shard, stream) }
        }
        workers[index]!.readers[lease.shard] = reader
        // Acknowledgements come in any order.
        after(milliseconds(0...400), for: index) { $0.acknowledge(index, lease, ticket) }
    }

    private func isOpen(_ reader: inout SimulatedWorker.Reader) -> Bool {
        scenario.mutation == .ignoresDeadlines || reader.isOpen(at: now)
    }

    private mutating func acknowledge(_ index: Int, _ lease: HeldLease, _ ticket: Watermark.Ticket) {
        guard reader(index, lease) != nil, scenario.mutation != .acknowledgesEarly else { return conclude(index, lease) }
        _ = workers[index]!.readers[lease.shard]!.watermark.complete(ticket)
        conclude(index, lease)
    }

    /// Ends a shard that is read and delivered, or gives it to whoever asks for it.
    mutating func conclude(_ index: Int, _ lease: HeldLease) {
        guard let reader = reader(index, lease), !reader.isGivingUp, !reader.isFenced, !workers[index]!.isLeaving else { return }
        let isDelivered = reader.watermark.outstanding == 0
        if reader.hasEnded, isDelivered || scenario.mutation == .finishesEarly {
            workers[index]!.readers[lease.shard]!.isGivingUp = true
            finish(index, lease)
        } else if reader.isStopped, isDelivered {
            workers[index]!.readers[lease.shard]!.isGivingUp = true
            handOver(index, lease, reader.watermark.position)
        }
    }

    private mutating func finish(_ index: Int, _ lease: HeldLease) {
        // Not every last reply names the children, and a listing may not show them yet.
        let named = chance(0.8) ? stream.children(of: lease.shard) : listing().filter { $0.parents.contains(lease.shard) }
        let start: Position =
            scenario.mutation == .startsChildrenLate ? .timestamp(now.nanoseconds / 1_000_000) : self.start.position
        let children = named.map { ShardGraph.row(for: $0, start: start) }
        call(index) { simulation in
            let before = simulation.table.rows[lease.shard]
            let isFinished = simulation.table.finish(simulation.presented(lease), children: children)
            if isFinished, let before { simulation.checker.stored(lease, .shardEnd, over: before, simulation.stream) }
            return isFinished
        } then: { simulation, answer in
            simulation.endConclusion(index, lease, isDone: answer != nil)
        }
    }

    private mutating func handOver(_ index: Int, _ lease: HeldLease, _ position: Position) {
        call(index) { simulation in
            _ = simulation.checkpoint([(lease, position)])
            simulation.table.release([simulation.presented(lease)])
            return true
        } then: { simulation, answer in
            simulation.endConclusion(index, lease, isDone: answer != nil)
        }
    }

    private mutating func endConclusion(_ index: Int, _ lease: HeldLease, isDone: Bool) {
        guard reader(index, lease) != nil else { return }
        if isDone { return drop(index, lease) }
        workers[index]!.readers[lease.shard]!.isGivingUp = false
        after(.seconds(1), for: index) { $0.conclude(index, lease) }
    }

    /// Reads no more, and gives everything back once it is delivered.
    mutating func leave(_ index: Int) {
        workers[index]!.isLeaving = true
        for shard in workers[index]!.readers.keys { workers[index]!.readers[shard]!.isStopped = true }
        after(.milliseconds(100), for: index) { $0.giveBack(index, attempts: 3) }
    }

    private mutating func giveBack(_ index: Int, attempts: Int) {
        let worker = workers[index]!
        guard !worker.isLooking, worker.readers.values.allSatisfy({ $0.watermark.outstanding == 0 || $0.isFenced }) else {
            return after(.milliseconds(100), for: index) { $0.giveBack(index, attempts: attempts) }
        }
        let changes = worker.inOrder.filter { !$0.isFenced }.map { (lease: $0.lease, position: $0.watermark.position) }
        call(index) { simulation in
            _ = simulation.checkpoint(changes)
            simulation.table.release(changes.map { simulation.presented($0.lease) })
            simulation.table.withdraw(worker.me.name)
            return true
        } then: { simulation, answer in
            if answer != nil || attempts == 1 {
                simulation.workers[index] = nil
                if simulation.workers.isEmpty { simulation.join() }
            } else {
                simulation.giveBack(index, attempts: attempts - 1)
            }
        }
    }
}
