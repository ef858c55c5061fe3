/** `09`: an hour of the day as the chart and the table write it. */
export const two = (hour: number): string => String(hour).padStart(2, '0');
