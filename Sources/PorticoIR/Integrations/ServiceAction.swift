/// An action of an AWS service that a route of an HTTP API can call without a function: what `integrationSubtype` names.
///
/// *Source:* API Gateway guide, "Integration subtype reference"; the wire names are those of the services' models.
public struct ServiceAction: Sendable, Hashable {
    /// How the service takes the action.
    public enum Style: Sendable, Hashable {
        /// A form with `Action` and `Version`.
        case query
        /// A JSON object, in `wrapper` (a list of one) if there is one, and the action in `X-Amz-Target`.
        case json(wrapper: String?)
        /// `GET` of a path, in which `{Name}` is a parameter; the others are in the query.
        case path(String)
    }

    /// What a parameter's text stands for.
    public enum Value: Sendable, Hashable {
        /// Itself.
        case text
        /// A list: of JSON, or with commas.
        case list
        /// A JSON object of message attributes.
        case attributes
        /// A time of RFC 3339, or seconds since 1970.
        case time
    }

    /// A parameter of the action.
    public struct Parameter: Sendable, Hashable {
        /// Name in `requestParameters`.
        public let name: String
        /// Name that the service has for it; of a list and of attributes that of one element.
        public let wireName: String
        /// Whether there is no call without it.
        public let isRequired: Bool
        /// What its text stands for.
        public let value: Value
    }

    /// What `integrationSubtype` has, such as `SQS-SendMessage`.
    public let name: String
    /// Name in the table of services.
    public let service: String
    /// What stands before the service's host name; empty for nothing.
    public let hostPrefix: String
    /// Name of the action.
    public let action: String
    /// How it is called.
    public let style: Style
    /// In the order in which they are sent.
    public let parameters: [Parameter]

    /// The name of the region, which every action has.
    public static let region = "Region"

    /// The parameter of that name.
    public func parameter(named name: String) -> Parameter? { parameters.first { $0.name == name } }

    /// The action of that name.
    public static func named(_ name: String) -> ServiceAction? { all.first { $0.name == name } }

    /// Every action.
    public static let all: [ServiceAction] = [
        ServiceAction(
            "EventBridge-PutEvents", "events", "PutEvents", .json(wrapper: "Entries"),
            [
                need("Detail"), need("DetailType"), need("Source"), may("Time", of: .time), may("EventBusName"),
                may("Resources", of: .list), may("TraceHeader"),
            ]),
        ServiceAction(
            "SQS-SendMessage", "sqs", "SendMessage", .query,
            [
                need("QueueUrl"), need("MessageBody"), may("DelaySeconds"),
                may("MessageAttributes", as: "MessageAttribute", of: .attributes), may("MessageDeduplicationId"),
                may("MessageGroupId"),
                may("MessageSystemAttributes", as: "MessageSystemAttribute", of: .attributes),
            ]),
        ServiceAction(
            "SQS-ReceiveMessage", "sqs", "ReceiveMessage", .query,
            [
                need("QueueUrl"), may("AttributeNames", as: "AttributeName", of: .list), may("MaxNumberOfMessages"),
                may("MessageAttributeNames", as: "MessageAttributeName", of: .list), may("ReceiveRequestAttemptId"),
                may("VisibilityTimeout"), may("WaitTimeSeconds"),
            ]),
        ServiceAction(
            "SQS-DeleteMessage", "sqs", "DeleteMessage", .query, [need("ReceiptHandle"), need("QueueUrl")]),
        ServiceAction("SQS-PurgeQueue", "sqs", "PurgeQueue", .query, [need("QueueUrl")]),
        ServiceAction(
            "AppConfig-GetConfiguration", "appconfig", "GetConfiguration",
            .path("/applications/{Application}/environments/{Environment}/configurations/{Configuration}"),
            [
                need("Application"), need("Environment"), need("Configuration"), need("ClientId", as: "client_id"),
                may("ClientConfigurationVersion", as: "client_configuration_version"),
            ]),
        // Observed: 'Data' is sent as it is, which for Kinesis is base64.
        ServiceAction(
            "Kinesis-PutRecord", "kinesis", "PutRecord", .json(wrapper: nil),
            [
                need("StreamName"), need("Data"), need("PartitionKey"), may("SequenceNumberForOrdering"),
                may("ExplicitHashKey"),
            ]),
        ServiceAction(
            "StepFunctions-StartExecution", "states", "StartExecution", .json(wrapper: nil),
            [need("StateMachineArn", as: "stateMachineArn"), may("Name", as: "name"), may("Input", as: "input")]),
        ServiceAction(
            "StepFunctions-StartSyncExecution", "states", hostPrefix: "sync-", "StartSyncExecution",
            .json(wrapper: nil),
            [
                need("StateMachineArn", as: "stateMachineArn"), may("Name", as: "name"), may("Input", as: "input"),
                may("TraceHeader", as: "traceHeader"),
            ]),
        ServiceAction(
            "StepFunctions-StopExecution", "states", "StopExecution", .json(wrapper: nil),
            [need("ExecutionArn", as: "executionArn"), may("Cause", as: "cause"), may("Error", as: "error")]),
    ]

    private init(
        _ name: String, _ service: String, hostPrefix: String = "", _ action: String, _ style: Style,
        _ parameters: [Parameter]
    ) {
        self.name = name
        self.service = service
        self.hostPrefix = hostPrefix
        self.action = action
        self.style = style
        self.parameters = parameters
    }

    private static func need(_ name: String, as wireName: String? = nil) -> Parameter {
        Parameter(name: name, wireName: wireName ?? name, isRequired: true, value: .text)
    }

    private static func may(_ name: String, as wireName: String? = nil, of value: Value = .text) -> Parameter {
        Parameter(name: name, wireName: wireName ?? name, isRequired: false, value: value)
    }
}
