package dev.drover;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The rooms of the house and which may know which. Arrows run downwards only:
 *
 * <pre>
 *              Main
 *                |
 *             reload
 *                |
 *            preflight   console
 *                |      /
 *             observe      kafka
 *           /   |   \     /  |  \
 *  deadletter  kept  delivery  |   format
 *           \   |   /    |     |   /
 *             batch   outcome pages
 *               \              /  \
 *                    ledger      consistency   credentials
 * </pre>
 */
@AnalyzeClasses(packages = "dev.drover", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] SQL = {"java.sql..", "javax.sql.."};
    private static final String[] HTTP = {
        "org.apache.hc..", "org.apache.camel.http..", "org.apache.camel.component.http.."
    };

    @ArchTest
    static void shouldKnowNoOtherPackageInLedger(JavaClasses drover) {
        onlyKnows("ledger").check(drover);
    }

    @ArchTest
    static void shouldKnowNoOtherPackageInCredentials(JavaClasses drover) {
        onlyKnows("credentials").check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyLedgerInBatch(JavaClasses drover) {
        onlyKnows("batch", "ledger").check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyWhatIsBelowInPages(JavaClasses drover) {
        onlyKnows("pages", "consistency", "credentials", "ledger").check(drover);
    }

    @ArchTest
    static void shouldKnowNoOtherPackageInConsistency(JavaClasses drover) {
        onlyKnows("consistency").check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyWhatIsBelowInDelivery(JavaClasses drover) {
        onlyKnows("delivery", "outcome", "batch", "ledger").check(drover);
    }

    @ArchTest
    static void shouldKnowNoOtherPackageInOutcome(JavaClasses drover) {
        onlyKnows("outcome").check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyBatchAndLedgerInDeadletter(JavaClasses drover) {
        onlyKnows("deadletter", "batch", "ledger").check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyBatchAndLedgerInFormat(JavaClasses drover) {
        onlyKnows("format", "batch", "ledger").check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyWhatIsBelowInKafka(JavaClasses drover) {
        onlyKnows("kafka", "delivery", "format", "pages", "batch", "ledger").check(drover);
    }

    @ArchTest
    static void shouldSpeakToBrokersInKafkaOnlyAndReplaceThemInAPlan(JavaClasses drover) {
        noClasses()
                .that(resideOutsideOfPackages("dev.drover.kafka..")
                        .and(DescribedPredicate.not(nameMatching("dev\\.drover\\.preflight\\.PlannedTopics.*"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.apache.camel.component.kafka.."))
                .check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyBatchAndLedgerInKept(JavaClasses drover) {
        onlyKnows("kept", "batch", "ledger").check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyWhatIsBelowInObserve(JavaClasses drover) {
        onlyKnows("observe", "deadletter", "delivery", "outcome", "batch", "pages", "ledger")
                .check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyWhatIsBelowInConsole(JavaClasses drover) {
        onlyKnows("console", "observe", "deadletter", "delivery", "batch", "pages", "credentials", "ledger")
                .check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyWhatIsBelowInPreflight(JavaClasses drover) {
        onlyKnows(
                        "preflight",
                        "credentials",
                        "format",
                        "observe",
                        "deadletter",
                        "delivery",
                        "outcome",
                        "batch",
                        "pages",
                        "consistency",
                        "ledger")
                .check(drover);
    }

    @ArchTest
    static void shouldKnowOnlyPreflightAndPagesInReload(JavaClasses drover) {
        onlyKnows("reload", "preflight", "pages").check(drover);
    }

    @ArchTest
    static void shouldHaveNoCyclesBetweenPackages(JavaClasses drover) {
        slices().matching("dev.(**)").should().beFreeOfCycles().check(drover);
    }

    @ArchTest
    static void shouldDoNoInputOrOutputInBatch(JavaClasses drover) {
        noClasses()
                .that()
                .resideInAPackage("dev.drover.batch..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(SQL)
                        .or(resideInAnyPackage(HTTP))
                        .or(resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels.."))
                        .or(nameMatching("java\\.io\\.(File|RandomAccessFile).*")))
                .allowEmptyShould(true)
                .check(drover);
    }

    @ArchTest
    static void shouldSpeakSqlOnlyWhereRowsOrStateAreKept(JavaClasses drover) {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.drover.pages..",
                        "dev.drover.consistency..",
                        "dev.drover.ledger..",
                        "dev.drover.kept..",
                        "dev.drover.deadletter..",
                        "dev.drover.preflight..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(SQL))
                .allowEmptyShould(true)
                .check(drover);
    }

    @ArchTest
    static void shouldSpeakHttpOnlyInDeliveryAndCredentials(JavaClasses drover) {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.drover.delivery..", "dev.drover.credentials..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(HTTP))
                .allowEmptyShould(true)
                .check(drover);
    }

    @ArchTest
    static void shouldMarkEveryPackageNullMarked(JavaClasses drover) {
        classes().should(resideInANullMarkedPackage()).check(drover);
    }

    private static ArchRule onlyKnows(String room, String... below) {
        String[] allowed = Stream.concat(Stream.of(room), Stream.of(below))
                .map(ArchitectureTest::inside)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.drover..").and(resideOutsideOfPackages(allowed)))
                .allowEmptyShould(true);
    }

    private static String inside(String room) {
        return "dev.drover." + room + "..";
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package annotated with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getPackageName() + " has no package-info with @NullMarked"));
                }
            }
        };
    }
}
