import Coordination
import Testing

@Suite("Room to read ahead")
struct ReadRoomTests {
    private typealias Room = ReadRoom<String>

    private var room = Room(Room.Share(records: 100, bytes: 1_000))

    private func share(_ records: Int, _ bytes: Int = 0) -> Room.Share { Room.Share(records: records, bytes: bytes) }

    @Test("is left until the records or the bytes are used up, and again once they are given back", arguments: [(100, 0), (1, 1_000)])
    mutating func bounds(records: Int, bytes: Int) {
        #expect(room.isLeft(for: "a", among: 2))
        room.take(share(records, bytes), for: "a")
        #expect(!room.isLeft(for: "a", among: 2))
        #expect(!room.isLeft(for: "b", among: 2))
        room.giveBack(share(records, bytes), of: "a")
        #expect(room.isLeft(for: "b", among: 2))
    }

    @Test("is kept for a reader that waits and has nothing, and no more than its part of it")
    mutating func hungry() {
        room.take(share(90), for: "a")
        room.take(share(10), for: "b")
        room.wait("b")
        room.wait("c")
        room.giveBack(share(20), of: "a")
        // 80 are used, and a quarter of 100 is kept for the one without any.
        #expect(!room.isLeft(for: "a", among: 4))
        #expect(!room.isLeft(for: "b", among: 4))
        #expect(room.isLeft(for: "c", among: 4))
        room.giveBack(share(6), of: "a")
        #expect(room.isLeft(for: "a", among: 4))
        room.take(share(20), for: "c")
        #expect(room.isLeft(for: "b", among: 4))
    }

    @Test("is kept for a reader that waited with something, once it has nothing")
    mutating func becomesHungry() {
        room.take(share(60), for: "a")
        room.take(share(40), for: "b")
        room.wait("b")
        #expect(!room.isWorthALook)
        room.giveBack(share(40), of: "b")
        #expect(room.isWorthALook)
        #expect(!room.isLeft(for: "a", among: 2))
        #expect(room.isLeft(for: "b", among: 2))
        room.leave("b")
        #expect(!room.isWorthALook)
        #expect(room.isLeft(for: "a", among: 2))
    }

    @Test("is not kept for a reader that asked for nothing, as one at the tip of its shard does")
    mutating func nothing() {
        room.wait("a")
        room.take(share(0), for: "a")
        room.take(share(99), for: "b")
        #expect(!room.isWorthALook)
        #expect(room.isLeft(for: "b", among: 2))
    }
}
