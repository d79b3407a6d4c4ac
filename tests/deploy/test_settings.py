"""Settings are read once, strictly, and an error names the variable and the mend; secrets never show."""

from pathlib import Path

import pytest

from streams.settings import Settings
from streams.variables import SettingsError, described, load

LOGIN = {
    "MENTORWAY_SECURITY_PROTOCOL": "SASL_SSL",
    "MENTORWAY_SECURITY_USERNAME": "ada",
    "MENTORWAY_SECURITY_PASSWORD": "sesame",
}


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        'partitions = 3\nprefix = "x."\n[security]\nprotocol = "SASL_PLAINTEXT"\nusername = "ada"\npassword = "a"\n'
    )
    settings = load(
        {"MENTORWAY_SETTINGS": str(file), "MENTORWAY_PARTITIONS": "5", "MENTORWAY_SECURITY_PASSWORD": "b"}
    )
    assert (settings.partitions, settings.topic("nudges"), settings.group("pools")) == (
        5,
        "x.nudges",
        "x.pools",
    )
    assert settings.security.password.get_secret_value() == "b"


def test_settings_travel_to_processes_we_start() -> None:
    settings = load({**LOGIN, "MENTORWAY_STATIC_MEMBERS": "yes", "MENTORWAY_CLOCK": "facts"})
    assert load(settings.environment()) == settings


def test_each_client_gets_the_login_under_its_own_names() -> None:
    settings = load(LOGIN)
    assert settings.confluent()["sasl.password"] == "sesame"
    assert settings.kafka_python()["sasl_plain_password"] == "sesame"
    assert settings.faust()["broker_credentials"].ssl_context is not None


def test_brokers_may_have_ipv6_addresses() -> None:
    settings = load({"MENTORWAY_BROKERS": "[::1]:9092,kafka-2:9093"})
    assert settings.kafka_python()["bootstrap_servers"] == ["[::1]:9092", "kafka-2:9093"]


def test_a_secret_is_never_printed() -> None:
    settings = load({**LOGIN, "MENTORWAY_DOOR_TOKEN": "open"})
    shown = f"{settings!r} {settings} {described(settings)}"
    assert "sesame" not in shown
    assert "'open'" not in shown


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"MENTORWAY_PARTITION": "3"}, "MENTORWAY_PARTITION is no setting: mend its name"),
        ({"MENTORWAY_PARTITIONS": "many"}, "MENTORWAY_PARTITIONS: Input should be a valid integer"),
        ({"MENTORWAY_BROKERS": "localhost"}, "MENTORWAY_BROKERS: should be host:port, several with commas"),
        ({"MENTORWAY_BROKERS": "::1:9092"}, "MENTORWAY_BROKERS: should be host:port, several with commas"),
        (
            {"MENTORWAY_TRANSACTION_MS": "9000"},
            "MENTORWAY_TRANSACTION_MS must be at most MENTORWAY_SESSION_MS",
        ),
        ({"MENTORWAY_SECURITY_PROTOCOL": "SASL_SSL"}, "set MENTORWAY_SECURITY_USERNAME and"),
        ({"MENTORWAY_SECURITY_CA_PATH": "/none"}, "MENTORWAY_SECURITY_CA_PATH names /none, which is no file"),
        (
            {"MENTORWAY_WEBHOOK_NETWORKS": "10.0.0.1/8"},
            "MENTORWAY_WEBHOOK_NETWORKS: 10.0.0.1/8 is no network",
        ),
        ({"MENTORWAY_WEBHOOK_HOSTS": "https://hooks.example/"}, "MENTORWAY_WEBHOOK_HOSTS: "),
        ({"MENTORWAY_DOOR_TOKEN": "open\n"}, "MENTORWAY_DOOR_TOKEN holds a space or a line break"),
        ({"MENTORWAY_GATEWAY_PORT": "8600"}, "MENTORWAY_GATEWAY_PORT is no setting"),
        ({"MENTORWAY_SETTINGS": "/none"}, "MENTORWAY_SETTINGS names /none, which cannot be read"),
    ],
    ids=[
        "unknown",
        "no number",
        "no port",
        "no brackets",
        "not fenced",
        "no login",
        "no file",
        "no network",
        "a URL",
        "a broken token",
        "no service",
        "no settings file",
    ],
)
def test_an_error_names_the_variable(variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(variables)
    assert sentence in str(error.value)


def test_where_a_platform_says_its_services_are_is_no_setting_of_ours() -> None:
    told = {
        "MENTORWAY_SERVICE_HOST": "10.0.0.1",
        "MENTORWAY_PORT": "tcp://10.0.0.1:80",
        "MENTORWAY_HTTP_SERVICE_HOST": "10.0.0.2",
        "MENTORWAY_HTTP_SERVICE_PORT": "8600",
        "MENTORWAY_HTTP_PORT": "tcp://10.0.0.2:8600",
        "MENTORWAY_HTTP_PORT_8600_TCP_ADDR": "10.0.0.2",
    }
    assert load(told) == Settings()
    assert load({**told, "MENTORWAY_HTTP_PORT": "8700"}).http_port == 8700


def test_defaults_speak_to_this_machine_alone() -> None:
    settings = Settings()
    assert settings.http_host == settings.health_host == "127.0.0.1"
    assert settings.confluent() == {"bootstrap.servers": "127.0.0.1:9092", "security.protocol": "PLAINTEXT"}
