"""Control: functions run until they ask something of AWS, and go on when it is their turn."""
