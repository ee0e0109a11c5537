/// The parent read from a request, or a span of the gateway.
package struct TraceContext: Sendable, Hashable {
    package var parent: TraceParent
    package var state: TraceState?

    package init(parent: TraceParent, state: TraceState? = nil) {
        self.parent = parent
        self.state = state
    }
}
