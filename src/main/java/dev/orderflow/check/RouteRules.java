package dev.orderflow.check;

import dev.orderflow.delivery.Once;
import dev.orderflow.delivery.ReconnectFromCommits;
import dev.orderflow.delivery.ReconnectingClients;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.PausableDefinition;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.ResequenceDefinition;
import org.apache.camel.model.ResumableDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ThreadsDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.TransactedDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;

/** What a service's route must have and must not have; each rule that is broken is told with what to do. */
record RouteRules(String service) {

    private static final String CONFIGURATION = "delivery";

    private static final List<Class<?>> LEAVE_THE_THREAD = List.of(
            ThreadsDefinition.class, WireTapDefinition.class, AggregateDefinition.class, ResequenceDefinition.class);

    /** Camel gives a route without one an id of its own, a new one each time. */
    void id(RouteDefinition route) {
        require(route.hasCustomIdAssigned(), "a route has no id. Write '- route:' and give it one");
    }

    void words(RouteDefinition route) {
        require(
                route.getDescriptionText() != null
                        && !route.getDescriptionText().isBlank(),
                "route '%s' has no description. Say in one sentence what it does",
                route.getId());
    }

    void consumer(KafkaConfiguration kafka) {
        require(
                service.equals(kafka.getGroupId()),
                "its groupId is '%s'. Set groupId to '%s', so that it reads every order on its own",
                kafka.getGroupId(),
                service);
        require(kafka.isBatching(), "batching is not true. Set it: the policy 'once' takes batches");
        require(
                kafka.isAllowManualCommit(),
                "allowManualCommit is not true, so offsets would pass records that are not done. Leave it at the component's setting");
        require(
                kafka.isBreakOnFirstError(),
                "breakOnFirstError is not true, so a failed batch would be skipped. Leave it at the component's setting");
        require(
                "earliest".equals(kafka.getAutoOffsetReset()),
                "autoOffsetReset is '%s', so a new service would miss the orders before it. Set it to 'earliest'",
                kafka.getAutoOffsetReset());
        require(
                kafka.getValueDeserializer().endsWith(".ByteArrayDeserializer"),
                "valueDeserializer is '%s'; one that fails skips records. Leave it at ByteArrayDeserializer",
                kafka.getValueDeserializer());
        require(
                kafka.getOffsetRepository() == null && kafka.getSeekTo() == null && !kafka.isTopicIsPattern(),
                "it sets offsetRepository, seekTo or topicIsPattern, which lose or repeat records. Remove it");
    }

    void polling(KafkaEndpoint endpoint) {
        var component = endpoint.getComponent();
        var clients = endpoint.getKafkaClientFactory() == null
                ? component.getKafkaClientFactory()
                : endpoint.getKafkaClientFactory();
        require(
                component.getPollExceptionStrategy() instanceof ReconnectFromCommits
                        && clients instanceof ReconnectingClients,
                "it has another kafkaClientFactory or pollExceptionStrategy than the application's, so a poll that fails would lose records or end its consumer. Leave both at the component's settings");
    }

    void errors(CamelContext context, RouteDefinition route) {
        String named = route.getRouteConfigurationId();
        require(
                named == null || !named.contains("{{"),
                "routeConfigurationId is the placeholder '%s', which Camel does not resolve. Write '%s'",
                named,
                CONFIGURATION);
        require(
                CONFIGURATION.equals(named),
                "routeConfigurationId is '%s'. Write '%s': it keeps failures away from handlers that swallow them",
                named,
                CONFIGURATION);
        var model = context.getCamelContextExtension().getContextPlugin(Model.class);
        require(
                model.getRouteConfigurationDefinition(CONFIGURATION) != null,
                "there is no routeConfiguration '%s'. Load delivery.camel.yaml beside it",
                CONFIGURATION);
        boolean handles = route.getOutputs().stream().anyMatch(OnExceptionDefinition.class::isInstance)
                || !(route.getErrorHandlerFactory() instanceof NoErrorHandlerDefinition);
        require(
                !handles,
                "it has an onException or errorHandler of its own, which could swallow a failure that must roll back. Remove it");
    }

    void steps(CamelContext context, RouteDefinition route) {
        refuse(
                route,
                TransactedDefinition.class,
                "it uses transacted, which pulls the route's later steps into the transaction. Use policy with ref once");
        refuse(route, PausableDefinition.class, "it uses pausable, which loses records. Remove it");
        refuse(route, ResumableDefinition.class, "it uses resumable, which keeps offsets of its own. Remove it");
        var outputs = route.getOutputs().stream()
                .filter(step -> !(step instanceof OnExceptionDefinition))
                .toList();
        require(
                !outputs.isEmpty() && isOnce(context, outputs.get(0)),
                "its first step is not 'policy' with ref once or onceEach, so an order could count twice. Put its steps inside one");
        for (ProcessorDefinition<?> step : outputs.subList(1, outputs.size())) {
            require(
                    step instanceof ToDefinition to && to.getUri().startsWith("kafka:"),
                    "step '%s' stands after the policy, where nothing keeps it from being repeated. Only an append to Kafka may stand there; move it inside",
                    step.getShortName());
        }
        inside((PolicyDefinition) outputs.get(0));
    }

    private void inside(PolicyDefinition policy) {
        for (Class<?> type : LEAVE_THE_THREAD) {
            refuse(
                    policy,
                    type,
                    "it uses %s inside the policy, which leaves the transaction's thread. Remove it"
                            .formatted(type.getSimpleName().replace("Definition", "")));
        }
        for (SplitDefinition split :
                ProcessorDefinitionHelper.filterTypeInOutputs(policy.getOutputs(), SplitDefinition.class)) {
            require(
                    "true".equals(split.getStopOnException()),
                    "a split has no stopOnException: true, so a failed part would be committed with the others. Set it");
            require(
                    !"true".equals(split.getParallelProcessing()),
                    "a split has parallelProcessing, which leaves the transaction's thread. Remove it");
        }
        for (MulticastDefinition multicast :
                ProcessorDefinitionHelper.filterTypeInOutputs(policy.getOutputs(), MulticastDefinition.class)) {
            require(
                    "true".equals(multicast.getStopOnException()) && !"true".equals(multicast.getParallelProcessing()),
                    "a multicast inside the policy needs stopOnException: true and no parallelProcessing");
        }
        for (RecipientListDefinition<?> list :
                ProcessorDefinitionHelper.filterTypeInOutputs(policy.getOutputs(), RecipientListDefinition.class)) {
            require(
                    "true".equals(list.getStopOnException()) && !"true".equals(list.getParallelProcessing()),
                    "a recipientList inside the policy needs stopOnException: true and no parallelProcessing");
        }
    }

    private static boolean isOnce(CamelContext context, ProcessorDefinition<?> step) {
        return step instanceof PolicyDefinition policy
                && !(step instanceof TransactedDefinition)
                && policy.getRef() != null
                && context.getRegistry().lookupByName(policy.getRef()) instanceof Once;
    }

    private void refuse(ProcessorDefinition<?> within, Class<?> type, String problem) {
        var found = ProcessorDefinitionHelper.filterTypeInOutputs(within.getOutputs(), type);
        require(found.isEmpty(), "%s", problem);
    }

    private void require(boolean holds, String problem, Object... details) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "Service '%s': %s. See docs/add-a-service.md.".formatted(service, problem.formatted(details)));
        }
    }
}
