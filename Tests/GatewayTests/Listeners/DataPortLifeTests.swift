import Audit
import Catalogue
import Glibc
import NIOCore
import NIOPosix
import Testing
import Transport

@testable import Gateway

/// From bind to the end of the drain.
@Suite(.timeLimit(.minutes(10))) struct DataPortLifeTests {
    private static let request = "GET /v5/_/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n"
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    @Test func `lets a request in flight end while it drains and takes no other`() async throws {
        let arrived = Gate()
        let mayAnswer = Gate()
        let upstream = try ScriptedUpstream { _ in
            arrived.open()
            mayAnswer.wait()
            return Self.answer
        }
        let gateway = try await RunningGateway(upstream: upstream.url)
        let idle = try RawCaller(port: gateway.port)
        let busy = try RawCaller(port: gateway.port)
        busy.send(Self.request)
        await arrived.passed()
        async let drained: Void = gateway.drain()
        // The end of the idle connection shows that the drain has begun.
        #expect(await idle.seesEnd())
        #expect(gateway.dataPort.isDraining)
        // The caller sees the end before the gateway has counted it.
        while gateway.dataPort.gate.open > 1 { await Task.yield() }
        // The port is free now, and another server may have got it meanwhile.
        let late = try? RawCaller(port: gateway.port)
        #expect(late == nil || gateway.dataPort.gate.open == 1)
        mayAnswer.open()
        let answer = try #require(await busy.answer())
        #expect(answer.status == 200)
        #expect(answer["connection"] == "close")
        #expect(await busy.seesEnd())
        await drained
        gateway.journal.close()
        #expect(
            try gateway.folder.records().contains { $0["id"] as? String == answer["audit-id"] && $0["outcome"] as? String == "success" })
    }

    @Test func `answers a request that was on its way when the drain began`() async throws {
        let upstream = try ScriptedUpstream { _ in Self.answer }
        var setup = RunningGateway.Setup()
        setup.limits.lastRequests = .seconds(15)
        let gateway = try await RunningGateway(upstream: upstream.url, setup)
        let fresh = try RawCaller(port: gateway.port)
        let used = try RawCaller(port: gateway.port)
        used.send(Self.request)
        #expect(try #require(await used.answer()).status == 200)
        while gateway.dataPort.gate.open < 2 { await Task.yield() }
        async let drained: Void = gateway.drain()
        while !gateway.dataPort.isDraining { await Task.yield() }
        for caller in [fresh, used] {
            caller.send(Self.request)
            let answer = try #require(await caller.answer())
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
            #expect(await caller.seesEnd())
        }
        await drained
        gateway.journal.close()
    }

    @Test func `tells of an event loop that hangs, until it goes on`() async throws {
        let upstream = try ScriptedUpstream { _ in Self.answer }
        var setup = RunningGateway.Setup()
        setup.workerCount = 2
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let pool = gateway.dataPort.pool
            let bound = TimeAmount.seconds(2)
            #expect(pool.silentLoops(for: .seconds(60)) == 0)
            let mayGoOn = Gate()
            pool.workers[0].eventLoop.execute { mayGoOn.wait() }
            while pool.silentLoops(for: bound) == 0 { await Task.yield() }
            mayGoOn.open()
            while pool.silentLoops(for: bound) > 0 { await Task.yield() }
        }
    }

    @Test func `tells of a loop beside the workers that hangs, and counts it`() async throws {
        let upstream = try ScriptedUpstream { _ in Self.answer }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var setup = RunningGateway.Setup()
        setup.otherLoops = [group.next()]
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let port = gateway.dataPort
            #expect(port.loops == 1 + Array(MultiThreadedEventLoopGroup.singleton.makeIterator()).count + 1)
            #expect(port.silentLoops(for: .seconds(60)) == 0)
            let mayGoOn = Gate()
            group.next().execute { mayGoOn.wait() }
            // Longer than the pace of the loops' reports.
            while port.silentLoops(for: .seconds(3)) == 0 { await Task.yield() }
            mayGoOn.open()
            while port.silentLoops(for: .seconds(3)) > 0 { await Task.yield() }
        }
        // Nothing of the data port is left on it.
        try await group.shutdownGracefully()
    }

    @Test func `cuts what outlasts the drain and records it as a failure`() async throws {
        let arrived = Gate()
        let mayEnd = Gate()
        let upstream = try ScriptedUpstream { _ in
            arrived.open()
            mayEnd.wait()
            return nil
        }
        var setup = RunningGateway.Setup()
        setup.limits.drain = .milliseconds(50)
        let gateway = try await RunningGateway(upstream: upstream.url, setup)
        let busy = try RawCaller(port: gateway.port)
        busy.send(Self.request)
        await arrived.passed()
        await gateway.stop()
        #expect(await busy.seesEnd())
        mayEnd.open()
        let record = try #require(try gateway.folder.records().last { $0["operation"] != nil })
        #expect(record["phase"] as? String == "response")
        #expect(record["outcome"] as? String == "failure")
    }

    @Test func `says which listener found its port taken and leaves none open`() async throws {
        let upstream = try ScriptedUpstream { _ in Self.answer }
        try await withGateway(upstream: upstream.url) { first in
            let second = try await DataPort(
                services: Services(journal: first.journal, workerCount: 1, version: "0"),
                snapshot: try RunningGateway.snapshot(upstream: upstream.url), logger: RunningGateway.silent
            )
            let fault = await #expect(throws: ListenerConfiguration.Fault.self) {
                try await second.open([RunningGateway.listener(port: 0), RunningGateway.listener(port: first.port)])
            }
            #expect(fault == ListenerConfiguration.Fault(name: "test", address: "127.0.0.1:\(first.port)", code: EADDRINUSE))
            await second.drain(try await second.open([RunningGateway.listener(port: 0)]))

            let caller = try RawCaller(port: first.port)
            caller.send(Self.request)
            #expect(try #require(await caller.answer()).status == 200)
        }
    }

    @Test func `decides by the configuration in force when the request comes`() async throws {
        let upstream = try ScriptedUpstream { _ in Self.answer }
        try await withGateway(upstream: upstream.url) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(Self.request)
            #expect(try #require(await caller.answer()).status == 200)
            var setup = RunningGateway.Setup()
            setup.allowed = [.write]
            try await gateway.dataPort.replace(try RunningGateway.snapshot(upstream: upstream.url, setup))
            caller.send(Self.request)
            #expect(try #require(await caller.answer()).member("error_code") == "HSSGW.4031")
        }
    }
}
