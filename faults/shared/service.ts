/** Stops a service of the node through whatever supervises it: runit, or systemd. */
export const stopServiceScript = (service: string): string => `set -e
if [ -d /run/service/${service} ]; then sv -w 15 down /run/service/${service}
else systemctl stop ${service}
fi
`;

/** Starts it; does nothing when it runs. */
export const startServiceScript = (service: string): string => `set -e
if [ -d /run/service/${service} ]; then sv up /run/service/${service}
else systemctl start ${service}
fi
`;

/** Succeeds where the node supervises a service of that name. */
export const hasServiceScript = (service: string): string =>
  `[ -d /run/service/${service} ] || systemctl cat ${service} > /dev/null 2>&1\n`;
