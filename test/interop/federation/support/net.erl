%% Takes the place of Erlang's own module `net` in ejabberd: addresses come from the name server that ERL_INETRC names, not
%% from the C library, which knows /etc/resolv.conf only.
-module(net).
-export([getaddrinfo/2, gethostname/0]).

getaddrinfo(Host, Service) ->
    case inet:getaddrs(Host, inet) of
        {ok, Addresses} -> {ok, [info(Address, list_to_integer(Service)) || Address <- Addresses]};
        {error, _} -> {error, nxdomain}
    end.

info(Address, Port) ->
    SockAddr = #{family => inet, addr => Address, port => Port},
    #{family => inet, socktype => stream, type => stream, protocol => tcp, addr => SockAddr, address => SockAddr}.

gethostname() ->
    inet:gethostname().
