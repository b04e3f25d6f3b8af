package dev.drover;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The packages and which may use which: arrows run downwards only. */
@AnalyzeClasses(packages = "dev.drover", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] SQL = {"java.sql..", "javax.sql.."};
    private static final String[] HTTP = {
        "org.apache.hc..", "org.apache.camel.http..", "org.apache.camel.component.http.."
    };

    /** Each package with those that it may use, from the top of the house to its foundations. */
    private static final Map<String, List<String>> USES = Stream.of(
                    "cli runtime routetest audit plan doctor lint folder route observe store database sql delivery config ledger",
                    "runtime audit reload preflight lint folder observe deadletter pages route store database config ledger",
                    "routetest lint folder pages route store ledger",
                    "audit lint pages source rows sql store config ledger",
                    "reload preflight folder pages route ledger",
                    "preflight doctor lint folder pages route source store sql config ledger",
                    "plan doctor lint folder deadletter delivery pages store sql config ledger",
                    "doctor lint delivery source consistency store sql config ledger",
                    "lint folder delivery outcome pages route source consistency sql config ledger",
                    "console observe deadletter delivery batch pages store config ledger",
                    "observe deadletter delivery batch pages route store config ledger",
                    "kafka delivery batch pages store config ledger",
                    "pages ownership source consistency rows route store sql config ledger",
                    "source consistency rows database store sql config ledger",
                    "consistency rows database store sql config ledger",
                    "rows sql config ledger",
                    "database sql config",
                    "folder route ledger",
                    "sql config ledger",
                    "route config ledger",
                    "contract delivery batch route ledger",
                    "deadletter batch store ledger",
                    "ownership store ledger",
                    "kept batch store ledger",
                    "format batch config ledger",
                    "delivery batch outcome ledger",
                    "store ledger",
                    "batch ledger",
                    "config ledger",
                    "ledger",
                    "outcome",
                    "credentials config",
                    "jq rows route ledger",
                    "simple ledger")
            .map(line -> List.of(line.split(" ", -1)))
            .collect(toMap(names -> names.get(0), names -> names.subList(1, names.size())));

    @ArchTest
    static void shouldUseOnlyWhatIsBelow(JavaClasses drover) {
        USES.forEach((room, below) -> onlyKnows(room, below).check(drover));
    }

    /** What can be taken out of the house by deleting a folder, its YAML and its tests. */
    @ArchTest
    static void shouldUseAnOutbuildingOnlyWhereTheProcessIsPutTogether(JavaClasses drover) {
        for (String outbuilding :
                List.of("kafka", "kept", "console", "reload", "credentials", "contract", "format", "jq", "simple")) {
            noClasses()
                    .that(resideOutsideOfPackages(inside(outbuilding), inside("runtime"), inside("cli")))
                    .should()
                    .dependOnClassesThat(resideInAPackage(inside(outbuilding)))
                    .check(drover);
        }
    }

    @ArchTest
    static void shouldNameEachPackageInTheTable(JavaClasses drover) {
        assertThat(drover.stream().map(type -> type.getPackageName().substring("dev.drover.".length())))
                .allMatch(USES::containsKey);
        assertThat(USES.keySet()).allMatch(room -> drover.containPackage("dev.drover." + room));
    }

    @ArchTest
    static void shouldSpeakToBrokersInKafkaOnlyAndReplaceThemInAPlan(JavaClasses drover) {
        noClasses()
                .that(resideOutsideOfPackages("dev.drover.kafka..")
                        .and(DescribedPredicate.not(nameMatching("dev\\.drover\\.plan\\.PlannedTopics.*"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.apache.camel.component.kafka.."))
                .check(drover);
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
                .resideInAnyPackage(
                        "dev.drover.batch..",
                        "dev.drover.config..",
                        "dev.drover.console..",
                        "dev.drover.credentials..",
                        "dev.drover.delivery..",
                        "dev.drover.folder..",
                        "dev.drover.format..",
                        "dev.drover.jq..",
                        "dev.drover.kafka..",
                        "dev.drover.observe..",
                        "dev.drover.outcome..",
                        "dev.drover.reload..",
                        "dev.drover.route..",
                        "dev.drover.simple..")
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

    private static ArchRule onlyKnows(String room, List<String> below) {
        String[] allowed = Stream.concat(Stream.of(room), below.stream())
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
