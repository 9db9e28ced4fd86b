SELECT epoch FROM eidolon.leader
