import NIOCore
import Testing

@testable import Gateway

@Suite struct EndpointCircuitTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func opened(by failure: EndpointCircuit.Failure = .refused) -> EndpointCircuit {
        var circuit = EndpointCircuit()
        while !circuit.isOpen { _ = circuit.fail(failure, ofProbe: false, at: start) }
        return circuit
    }

    @Test(arguments: [
        (EndpointCircuit.Failure.refused, 10), (.unresolved, 10), (.proxy, 10), (.timedOut, 3),
    ])
    func `it opens with enough failures in a row, and with fewer where each cost a timeout`(failure: EndpointCircuit.Failure, count: Int) {
        var circuit = EndpointCircuit()
        for _ in 1..<count {
            #expect(circuit.fail(failure, ofProbe: false, at: start) == nil)
            #expect(circuit.admit(at: start) == .passes)
        }
        #expect(circuit.fail(failure, ofProbe: false, at: start) == .opened(failure))
        #expect(circuit.failure == failure)
    }

    @Test func `one connection among the failures begins the count anew`() {
        var circuit = EndpointCircuit()
        for _ in 0..<100 {
            for _ in 0..<9 { #expect(circuit.fail(.refused, ofProbe: false, at: start) == nil) }
            #expect(circuit.reach() == nil)
            #expect(circuit.isPristine)
        }
    }

    @Test func `while it is open one at a time probes, after a pause`() {
        var circuit = opened()
        #expect(circuit.admit(at: start) == .refused(retryAfter: EndpointCircuit.rest, .refused))
        let due = start + EndpointCircuit.rest
        #expect(circuit.admit(at: due - .nanoseconds(1)) == .refused(retryAfter: .nanoseconds(1), .refused))
        #expect(circuit.verdict(at: due) == .probes)
        #expect(circuit.admit(at: due) == .probes)
        #expect(circuit.admit(at: due + .hours(1)) == .refused(retryAfter: EndpointCircuit.rest, .refused), "the probe is still on its way")
        #expect(circuit.fail(.timedOut, ofProbe: true, at: due) == nil)
        #expect(circuit.admit(at: due) == .refused(retryAfter: EndpointCircuit.rest, .timedOut))
        #expect(circuit.admit(at: due + EndpointCircuit.rest) == .probes)
    }

    @Test func `the first connection closes it, whoever has it`() {
        var circuit = opened()
        #expect(circuit.reach() == .closed)
        #expect(circuit.admit(at: start) == .passes)
        circuit = opened()
        #expect(circuit.admit(at: start + EndpointCircuit.rest) == .probes)
        #expect(circuit.reach() == .closed)
        #expect(circuit.isPristine)
    }

    @Test func `a probe that shows nothing gives its place to the next request`() {
        var circuit = opened()
        let due = start + EndpointCircuit.rest
        #expect(circuit.admit(at: due) == .probes)
        circuit.release()
        #expect(circuit.admit(at: due) == .probes)
    }

    @Test func `failures of requests that were under way when it opened neither prolong it nor end a probe`() {
        var circuit = opened()
        let due = start + EndpointCircuit.rest
        #expect(circuit.fail(.refused, ofProbe: false, at: due) == nil)
        #expect(circuit.admit(at: due) == .probes)
        #expect(circuit.fail(.refused, ofProbe: false, at: due) == nil)
        #expect(circuit.admit(at: due) == .refused(retryAfter: EndpointCircuit.rest, .refused))
    }
}
