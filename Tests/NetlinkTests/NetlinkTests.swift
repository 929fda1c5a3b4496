import LinuxKernel
import Netlink
import Testing

@Suite("Messages of netlink(7)")
struct NetlinkMessageTests {
    @Test("a message has its length, type, flags and number in front")
    func bytes() throws {
        let message = NetlinkMessage(type: 18, flags: [.request, .acknowledge], sequence: 7, payload: [1, 2, 3, 4])
        #expect(message.bytes == [20, 0, 0, 0, 18, 0, 5, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
        #expect(try NetlinkMessage.parse(message.bytes + message.bytes) == [message, message])
    }

    @Test("attributes start at multiples of four bytes")
    func attributes() throws {
        var writer = NetlinkWriter()
        writer.addAttribute(3, "eth0")
        writer.addAttribute(4, 9 as UInt32)
        #expect(writer.bytes == [9, 0, 3, 0] + Array("eth0".utf8) + [0, 0, 0, 0, 8, 0, 4, 0, 9, 0, 0, 0])
        let attributes = try NetlinkReader(writer.bytes).attributes()
        #expect(attributes == [3: Array("eth0".utf8) + [0], 4: [9, 0, 0, 0]])
    }

    @Test(
        "lengths that lie are found out",
        arguments: [
            [1, 2, 3], [255, 0, 0, 0] + [UInt8](repeating: 0, count: 12), [UInt8](repeating: 0, count: 16),
            [15, 0, 0, 0] + [UInt8](repeating: 0, count: 12),
        ])
    func malformed(_ bytes: [UInt8]) {
        #expect(throws: NetlinkError.malformed) { try NetlinkMessage.parse(bytes) }
    }

    @Test(
        "attributes whose lengths lie are found out",
        arguments: [[3, 0, 1, 0], [9, 0, 1, 0, 1, 2, 3, 4]] as [[UInt8]])
    func malformedAttributes(_ bytes: [UInt8]) {
        #expect(throws: NetlinkError.malformed) { try NetlinkReader(bytes).attributes() }
    }
}

@Suite("Requests of rtnetlink(7)")
struct RouteTests {
    @Test("a device is asked for by its name; one that is not there is no error")
    func linkByName() throws {
        let transport = ScriptedTransport([[.link(3, "eth0")], [.acknowledgement()]], [[.acknowledgement(19)]])
        let connection = NetlinkConnection(transport)
        #expect(try connection.link(named: "eth0") == NetworkLink(index: 3, name: "eth0"))
        #expect(try connection.link(named: "eth1") == nil)
        #expect(transport.requests.map(\.sequence) == [1, 2])
        #expect(transport.requests[0].flags == [.request, .acknowledge])
    }

    @Test("a dump goes on over datagrams to its end, and what answers an earlier request is passed over")
    func dump() throws {
        var late = NetlinkMessage.link(9, "late")
        late.sequence = 99
        let connection = NetlinkConnection(
            ScriptedTransport([[.link(1, "lo"), late], [.link(2, "eth0")], [.done]]))
        #expect(try connection.links().map(\.name) == ["lo", "eth0"])
    }

    @Test("a refusal has the kernel's number and words")
    func refusal() throws {
        let transport = ScriptedTransport([[.acknowledgement(22, "The interface is local")]])
        let link = NetworkLink(index: 1, name: "lo")
        #expect(throws: NetlinkError.refused(.invalid, detail: "The interface is local")) {
            try NetlinkConnection(transport).move(link, to: Descriptor(number: 5), index: 1, name: "lo")
        }
    }

    @Test("a device moves by descriptor, with its new name and index, in one request")
    func move() throws {
        let transport = ScriptedTransport([[.acknowledgement()]])
        try NetlinkConnection(transport)
            .move(NetworkLink(index: 3, name: "eth0"), to: Descriptor(number: 5), index: 7, name: "lan")
        let request = transport.requests[0]
        #expect(request.type == 19)
        #expect(Array(request.payload[4..<8]) == [3, 0, 0, 0])
        let attributes = try NetlinkReader(request.payload.dropFirst(16)).attributes()
        #expect(attributes == [3: Array("lan".utf8) + [0], 28: [5, 0, 0, 0], 49: [7, 0, 0, 0]])
    }

    @Test("lasting addresses are those that somebody configured, for the whole world")
    func addresses() throws {
        let transport = ScriptedTransport([
            [
                .address(3, [10, 0, 0, 1], flags: 0x280), .address(4, [10, 0, 0, 2], flags: 0x80),
                .address(3, [127, 0, 0, 9], flags: 0x80, scope: 254), .address(3, [10, 0, 0, 3], flags: 0),
            ], [.done],
        ])
        let found = try NetlinkConnection(transport).addresses(of: NetworkLink(index: 3, name: "eth0"))
        #expect(found.count == 3)
        #expect(found.map(\.isLasting) == [true, false, false])
    }

    @Test("an address is given to another device without its label and what the kernel thought of it")
    func addAddress() throws {
        let transport = ScriptedTransport(
            [[.address(3, [10, 0, 0, 1], flags: 0x281)], [.done]], [[.acknowledgement()]])
        let connection = NetlinkConnection(transport)
        let address = try #require(try connection.addresses(of: NetworkLink(index: 3, name: "eth0")).first)
        try connection.add(address, toLinkWithIndex: 8)
        let request = transport.requests[1]
        #expect(request.flags == [.request, .acknowledge, .create, .exclusive])
        #expect(Array(request.payload.prefix(8)) == [2, 24, 0, 0, 8, 0, 0, 0])
        let attributes = try NetlinkReader(request.payload.dropFirst(8)).attributes()
        #expect(attributes == [1: [10, 0, 0, 1], 2: [10, 0, 0, 1], 8: [0, 2, 0, 0]])
    }

    @Test("the real socket finds the loopback device")
    func loopback() throws {
        let connection = NetlinkConnection(try RouteSocket())
        #expect(try connection.link(named: "lo")?.index == 1)
        #expect(try connection.links().contains { $0.name == "lo" })
    }
}
