/// No identity service: every call fails, as if none could be reached. For what must call nothing, such as `explain` and checks of a configuration.
package struct NoIAMExchange: IAMExchange {
    package init() {}

    package func send(_ request: IAMRequest) async throws(IAMExchangeFault) -> IAMResponse { throw .unreachable }
}
